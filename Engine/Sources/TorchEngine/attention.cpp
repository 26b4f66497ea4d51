// Attention: torch's, and one for cached keys and values, in which no query depends on which others are
// computed with it.
#include <cmath>

#include "boundary.h"
#include "kernels.h"
#include "parallel.h"
#include "rotary.h"

using namespace ct;
using kernels::kAttentionQueries;

namespace {

// Elements that are moved, or products: less is not worth another thread.
constexpr int64_t kElementsPerTask = 1 << 15;

/// The keys and values of each row, [K, C, W]; rows may differ in C.
class Cached {
public:
    Cached(const CTTensor *keys, const CTTensor *values, size_t rows) : count_(static_cast<int64_t>(rows)), keys_(keys), values_(values) {
        if (rows == 0) throw InvalidArgument("a row is expected");
        for (int64_t b = 0; b < count_; b++) {
            const auto &k = this->keys(b), &v = this->values(b);
            if (k.dim() != 3 || k.sizes() != v.sizes() || k.size(0) != heads() || k.size(2) != width()) throw InvalidArgument("cached keys and values [K, C, W] are expected");
            is_for_kernels_ = is_for_kernels_ && is_float_on_cpu(k) && is_float_on_cpu(v) && k.is_contiguous() && v.is_contiguous();
        }
    }

    int64_t rows() const { return count_; }
    const at::Tensor &keys(int64_t row) const { return in(keys_[row]); }
    const at::Tensor &values(int64_t row) const { return in(values_[row]); }
    int64_t heads() const { return keys(0).size(0); }
    int64_t width() const { return keys(0).size(2); }
    int64_t capacity(int64_t row) const { return keys(row).size(1); }
    bool is_for_kernels() const { return is_for_kernels_; }

    /// The first positions of all rows, [B, K, S, W], and zeros behind a row's end.
    at::Tensor joined(const CTTensor *rows, int64_t positions) const {
        auto all = at::zeros({count_, heads(), positions, width()}, keys(0).options());
        for (int64_t b = 0; b < count_; b++) {
            const int64_t common = std::min(positions, capacity(b));
            all[b].narrow(1, 0, common).copy_(in(rows[b]).narrow(1, 0, common));
        }
        return all;
    }
    at::Tensor joined_keys(int64_t positions) const { return joined(keys_, positions); }
    at::Tensor joined_values(int64_t positions) const { return joined(values_, positions); }

private:
    int64_t count_;
    const CTTensor *keys_, *values_;
    bool is_for_kernels_ = true;
};

/// x [B, T, heads, W] of [B, T, heads · W], or as it is.
at::Tensor heads_of(const at::Tensor &x, int64_t rows, int64_t width) {
    if (x.dim() < 3 || x.size(0) != rows || width == 0) throw InvalidArgument("heads [B, T, H · W] are expected");
    return x.reshape({x.size(0), x.size(1), x.size(2) * (x.dim() == 4 ? x.size(3) : 1) / width, width});
}

/// The queries [B, T, H, W], rotated, attend to what is cached -> [B, T, H, W].
at::Tensor attend_by_query(const at::Tensor &queries, const Rotation &rotation, const Cached &cached, int64_t positions, const std::optional<at::Tensor> &mask, bool causal) {
    const auto q = queries.contiguous();
    const int64_t count = q.size(1), heads = q.size(2), width = q.size(3), key_heads = cached.heads(), shared = heads / key_heads;
    auto y = at::empty(q.sizes(), q.options());
    const float *from = q.const_data_ptr<float>();
    const bool *allowed = mask ? mask->const_data_ptr<bool>() : nullptr;
    const int64_t allowed_stride = mask && mask->size(0) > 1 ? mask->stride(0) : 0;
    float *to = y.mutable_data_ptr<float>();
    // The heads that share keys and values attend together, a query of each and then the next; fewer at a
    // time where threads would be without.
    const int64_t sharing = count * shared;
    const bool is_little = q.size(0) * key_heads * sharing < 2 * kAttentionQueries * at::get_num_threads();
    const int64_t block = is_little ? kAttentionQueries / 2 : kAttentionQueries, blocks = (sharing + block - 1) / block;
    const int64_t products = 2 * positions * width * std::min<int64_t>(sharing, block);
    // Later queries of a prompt attend to more, so the threads share rows and heads first.
    parallel_for(0, q.size(0) * key_heads * blocks, std::max<int64_t>(1, kElementsPerTask / std::max<int64_t>(1, products)), [&](int64_t begin, int64_t end) {
        std::vector<float> scores(kAttentionQueries * kernels::attention_pitch(positions));
        for (int64_t i = begin; i < end; i++) {
            const int64_t row = i / (key_heads * blocks), key_head = i / blocks % key_heads, first = i % blocks * block;
            kernels::AttentionInput in{};
            in.count = std::min<int64_t>(block, sharing - first);
            in.width = width;
            const int64_t capacity = cached.capacity(row);
            in.keys = cached.keys(row).const_data_ptr<float>() + key_head * capacity * width;
            in.values = cached.values(row).const_data_ptr<float>() + key_head * capacity * width;
            in.scale = 1.0f / std::sqrt(static_cast<float>(width));
            for (int64_t j = 0; j < in.count; j++) {
                const int64_t query = (first + j) / shared, head = key_head * shared + (first + j) % shared;
                const int64_t token = row * count + query, place = (token * heads + head) * width;
                // A query is read before its result takes its place.
                rotation.rotate(from + place, token, width, to + place);
                in.queries[j] = in.outputs[j] = to + place;
                in.ends[j] = std::min(causal ? query + 1 : positions, capacity);
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

/// Whether the kernel reads the mask, [B or 1, 1, T, S].
bool is_readable(const std::optional<at::Tensor> &mask, const at::Tensor &q, int64_t positions) {
    if (!mask) return true;
    const auto &m = *mask;
    return m.is_cpu() && m.scalar_type() == at::kBool && m.dim() == 4 && m.size(1) == 1 && m.size(2) == q.size(1) && m.size(3) == positions
        && m.stride(3) == 1 && (m.size(0) == 1 || m.size(0) == q.size(0));
}

at::Tensor torch_attention(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, const std::optional<at::Tensor> &mask, bool causal) {
    const bool grouped = q.size(1) != k.size(1);
    return at::scaled_dot_product_attention(q, k, v, mask, /*dropout_p=*/0, causal, /*scale=*/std::nullopt, grouped);
}

}  // namespace

CTStatus ct_attention(CTTensor q, CTTensor k, CTTensor v, CTTensor mask, bool causal, CTTensor *out) {
    return tensor("attention", out, [&] { return torch_attention(in(q), in(k), in(v), optional(mask), causal); });
}

CTStatus ct_remember(CTTensor keys, CTTensor values, CTTensor cosines, CTTensor sines, const CTTensor *cached_keys, const CTTensor *cached_values, const int64_t *starts, size_t rows) {
    return guarded("remember", [&] {
        at::NoGradGuard guard;
        const Cached cached(cached_keys, cached_values, rows);
        const auto k = heads_of(in(keys), cached.rows(), cached.width()), v = heads_of(in(values), cached.rows(), cached.width());
        if (k.size(2) != cached.heads() || k.sizes() != v.sizes()) throw InvalidArgument("the heads are not those of the cache");
        const int64_t tokens = k.size(1);
        for (int64_t b = 0; b < cached.rows(); b++) {
            if (starts[b] < 0 || starts[b] > cached.capacity(b) - tokens) throw InvalidArgument("the positions are not those of the cache");
        }
        const Rotation rotation(optional(cosines), optional(sines), k);
        if (!is_float_on_cpu(k) || !is_float_on_cpu(v) || !cached.is_for_kernels() || !rotation.is_for_kernels()) {
            const auto rotated = rotation(k).transpose(1, 2), others = v.transpose(1, 2);
            for (int64_t b = 0; b < cached.rows(); b++) {
                cached.keys(b).narrow(1, starts[b], tokens).copy_(rotated[b]);
                cached.values(b).narrow(1, starts[b], tokens).copy_(others[b]);
            }
            return;
        }
        const auto from_keys = k.contiguous(), from_values = v.contiguous();
        const float *key = from_keys.const_data_ptr<float>(), *value = from_values.const_data_ptr<float>();
        const int64_t heads = cached.heads(), width = cached.width();
        parallel_for(0, cached.rows() * tokens, std::max<int64_t>(1, kElementsPerTask / (heads * width)), [&](int64_t begin, int64_t end) {
            for (int64_t token = begin; token < end; token++) {
                const int64_t b = token / tokens, position = starts[b] + token % tokens;
                float *to_keys = cached.keys(b).mutable_data_ptr<float>(), *to_values = cached.values(b).mutable_data_ptr<float>();
                for (int64_t head = 0; head < heads; head++) {
                    const int64_t place = (token * heads + head) * width, target = (head * cached.capacity(b) + position) * width;
                    rotation.rotate(key + place, token, width, to_keys + target);
                    memcpy(to_values + target, value + place, static_cast<size_t>(width) * sizeof(float));
                }
            }
        });
    });
}

CTStatus ct_attend(CTTensor queries, CTTensor cosines, CTTensor sines, const CTTensor *cached_keys, const CTTensor *cached_values, size_t rows, int64_t positions, CTTensor mask, bool causal, CTTensor *out) {
    return tensor("attend", out, [&] {
        const Cached cached(cached_keys, cached_values, rows);
        const auto q = heads_of(in(queries), cached.rows(), cached.width());
        if (cached.heads() == 0 || q.size(2) % cached.heads() != 0) throw InvalidArgument("the heads of the cache do not divide those of the queries");
        for (int64_t b = 0; b < cached.rows(); b++) {
            if (positions < 1 || cached.capacity(b) < 1) throw InvalidArgument("a position to attend to is expected");
            if (mask == nullptr && positions > cached.capacity(b)) throw InvalidArgument("the positions are not those of the cache");
        }
        const Rotation rotation(optional(cosines), optional(sines), q);
        const auto allowed = optional(mask);
        if (!at::GradMode::is_enabled() && is_float_on_cpu(q) && cached.is_for_kernels() && rotation.is_for_kernels() && is_readable(allowed, q, positions)) {
            return attend_by_query(q, rotation, cached, positions, allowed, causal).flatten(2);
        }
        return torch_attention(rotation(q).transpose(1, 2), cached.joined_keys(positions), cached.joined_values(positions), allowed, causal).transpose(1, 2).flatten(2);
    });
}
