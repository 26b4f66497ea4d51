// Attention: torch's, and one in which no query depends on which others are computed with it.
#include <cmath>

#include "boundary.h"
#include "kernels.h"
#include "parallel.h"

using namespace ct;
using kernels::kAttentionQueries;

namespace {

bool has_rows(const at::Tensor &x) { return x.is_cpu() && x.scalar_type() == at::kFloat && x.dim() == 4 && x.stride(3) == 1; }

/// Whether the kernel reads the tensors.
bool is_readable(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, const std::optional<at::Tensor> &mask) {
    if (at::GradMode::is_enabled() || !has_rows(q) || !has_rows(k) || !has_rows(v)) return false;
    if (k.size(0) != q.size(0) || k.size(1) == 0 || q.size(1) % k.size(1) != 0 || k.size(3) != q.size(3) || v.sizes() != k.sizes()) return false;
    if (!mask) return true;
    const auto &m = *mask;
    return m.is_cpu() && m.scalar_type() == at::kBool && m.dim() == 4 && m.size(1) == 1 && m.size(2) == q.size(2) && m.size(3) == k.size(2)
        && m.stride(3) == 1 && (m.size(0) == 1 || m.size(0) == q.size(0));
}

/// q [B, H, T, W], k and v [B, K, S, W] -> [B, H, T, W].
at::Tensor attention_by_query(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, const std::optional<at::Tensor> &mask, bool causal) {
    const int64_t heads = q.size(1), count = q.size(2), positions = k.size(2), width = q.size(3), shared = heads / k.size(1);
    // As torch's layers give them on: [B, T, H, W].
    auto y = at::empty({q.size(0), count, heads, width}, q.options()).transpose(1, 2);
    const float *queries = q.const_data_ptr<float>(), *keys = k.const_data_ptr<float>(), *values = v.const_data_ptr<float>();
    const bool *allowed = mask ? mask->const_data_ptr<bool>() : nullptr;
    const int64_t allowed_stride = mask && mask->size(0) > 1 ? mask->stride(0) : 0;
    float *to = y.mutable_data_ptr<float>();
    // The heads that share keys and values attend together, a query of each and then the next; fewer at a
    // time where threads would be without.
    const int64_t key_heads = k.size(1), sharing = count * shared;
    const bool is_little = q.size(0) * key_heads * sharing < 2 * kAttentionQueries * at::get_num_threads();
    const int64_t block = is_little ? kAttentionQueries / 2 : kAttentionQueries, blocks = (sharing + block - 1) / block;
    const int64_t products = 2 * positions * width * std::min<int64_t>(sharing, block);
    constexpr int64_t products_per_task = 1 << 15;
    // Later queries of a prompt attend to more, so the threads share rows and heads first.
    parallel_for(0, q.size(0) * key_heads * blocks, std::max<int64_t>(1, products_per_task / std::max<int64_t>(1, products)), [&](int64_t begin, int64_t end) {
        std::vector<float> scores(kAttentionQueries * kernels::attention_pitch(positions));
        for (int64_t i = begin; i < end; i++) {
            const int64_t row = i / (key_heads * blocks), key_head = i / blocks % key_heads, first = i % blocks * block;
            kernels::AttentionInput in{};
            in.count = std::min<int64_t>(block, sharing - first);
            in.width = width;
            in.keys = keys + row * k.stride(0) + key_head * k.stride(1);
            in.values = values + row * v.stride(0) + key_head * v.stride(1);
            in.key_stride = k.stride(2);
            in.value_stride = v.stride(2);
            in.scale = 1.0f / std::sqrt(static_cast<float>(width));
            for (int64_t j = 0; j < in.count; j++) {
                const int64_t query = (first + j) / shared, head = key_head * shared + (first + j) % shared;
                in.queries[j] = queries + row * q.stride(0) + head * q.stride(1) + query * q.stride(2);
                in.outputs[j] = to + row * y.stride(0) + head * y.stride(1) + query * y.stride(2);
                in.ends[j] = causal ? std::min(query + 1, positions) : positions;
                in.masks[j] = nullptr;
                if (allowed != nullptr) {
                    in.masks[j] = allowed + row * allowed_stride + query * mask->stride(2);
                    while (in.ends[j] > 1 && !in.masks[j][in.ends[j] - 1]) in.ends[j]--;
                }
                in.positions = std::max(in.positions, in.ends[j]);
            }
            kernels::attend(in, scores.data());
        }
    });
    return y;
}

}  // namespace

CTStatus ct_attention(CTTensor q, CTTensor k, CTTensor v, CTTensor mask, bool causal, bool by_query, CTTensor *out) {
    return tensor("attention", out, [&] {
        if (by_query && is_readable(in(q), in(k), in(v), optional(mask))) return attention_by_query(in(q), in(k), in(v), optional(mask), causal);
        const bool grouped = in(q).size(1) != in(k).size(1);
        return at::scaled_dot_product_attention(
            in(q), in(k), in(v), optional(mask), /*dropout_p=*/0, causal, /*scale=*/std::nullopt, grouped);
    });
}
