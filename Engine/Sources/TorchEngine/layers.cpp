// Layers of libtorch; fused.cpp has those that it lacks.
#include "boundary.h"
#include "kernels.h"
#include "mixed_precision.h"
#include "packed_tensors.h"
#include "parallel.h"

using namespace ct;

std::vector<at::Tensor> ct::dense_linears(const at::Tensor &x, const std::vector<at::Tensor> &weights, const std::vector<std::optional<at::Tensor>> &biases) {
    const bool is_mixed = is_mixed_precision() && x.scalar_type() == at::kFloat;
    std::vector<at::Tensor> results;
    for (size_t j = 0; j < weights.size(); j++) {
        if (!is_mixed || weights[j].scalar_type() != at::kFloat) {
            results.push_back(at::linear(x, weights[j], biases[j]));
            continue;
        }
        // Rounded for each, so that gradients of x are added in float32.
        const auto y = at::linear(x.to(at::kBFloat16), weights[j].to(at::kBFloat16)).to(at::kFloat);
        results.push_back(biases[j] ? y + *biases[j] : y);
    }
    return results;
}

CTStatus ct_linear(CTTensor x, CTTensor weight, CTTensor bias, CTTensor *out) {
    return tensor("linear", out, [&] {
        if (packed::is_packed(in(weight))) return packed::linear(in(x), in(weight), optional(bias));
        return dense_linears(in(x), {in(weight)}, {optional(bias)})[0];
    });
}

CTStatus ct_linears(CTTensor x, const CTTensor *weights, const CTTensor *biases, size_t count, CTTensor *outs) {
    return guarded("linears", [&] {
        const auto all = list(weights, count);
        std::vector<std::optional<at::Tensor>> summands;
        for (size_t j = 0; j < count; j++) summands.push_back(optional(biases[j]));
        std::vector<at::Tensor> results;
        if (count > 0 && std::all_of(all.begin(), all.end(), packed::is_packed)) {
            results = packed::linears(in(x), all, summands);
        } else if (std::none_of(all.begin(), all.end(), packed::is_packed)) {
            results = dense_linears(in(x), all, summands);
        } else {
            for (size_t j = 0; j < count; j++) {
                results.push_back(packed::is_packed(all[j]) ? packed::linear(in(x), all[j], summands[j]) : at::linear(in(x), all[j], summands[j]));
            }
        }
        std::vector<CTTensor> made;
        try {
            for (auto &result : results) made.push_back(out(std::move(result)));
        } catch (...) {
            for (auto tensor : made) ct_release(tensor);
            throw;
        }
        std::copy(made.begin(), made.end(), outs);
    });
}

CTStatus ct_embedding(CTTensor table, CTTensor indices, CTTensor *out) {
    return tensor("embedding", out, [&] {
        if (packed::is_packed(in(table))) return packed::embedding(in(table), in(indices));
        return at::embedding(in(table), in(indices));
    });
}

namespace {

bool has_rows(const at::Tensor &x) { return x.is_cpu() && x.scalar_type() == at::kFloat && x.dim() == 4 && x.stride(3) == 1; }

/// Whether one query a row attends, as in decoding, to tensors that the kernel reads.
bool is_single_query(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, const std::optional<at::Tensor> &mask) {
    if (at::GradMode::is_enabled() || !has_rows(q) || !has_rows(k) || !has_rows(v) || q.size(2) != 1) return false;
    if (k.size(0) != q.size(0) || k.size(1) == 0 || q.size(1) % k.size(1) != 0 || k.size(3) != q.size(3) || v.sizes() != k.sizes()) return false;
    if (!mask) return true;
    const auto &m = *mask;
    return m.is_cpu() && m.scalar_type() == at::kBool && m.dim() == 4 && m.size(1) == 1 && m.size(2) == 1 && m.size(3) == k.size(2)
        && m.stride(3) == 1 && (m.size(0) == 1 || m.size(0) == q.size(0));
}

/// q [B, H, 1, W], k and v [B, K, S, W] -> [B, H, 1, W].
at::Tensor single_query_attention(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, const std::optional<at::Tensor> &mask) {
    const int64_t heads = q.size(1), positions = k.size(2), width = q.size(3), shared = heads / k.size(1);
    auto y = at::empty({q.size(0), heads, 1, width}, q.options());
    const float *queries = q.const_data_ptr<float>(), *keys = k.const_data_ptr<float>(), *values = v.const_data_ptr<float>();
    const bool *allowed = mask ? mask->const_data_ptr<bool>() : nullptr;
    const int64_t allowed_stride = mask && mask->size(0) > 1 ? mask->stride(0) : 0;
    float *to = y.mutable_data_ptr<float>();
    const float scale = 1.0f / std::sqrt(static_cast<float>(width));
    constexpr int64_t products = 1 << 15;
    parallel_for(0, q.size(0) * heads, std::max<int64_t>(1, products / std::max<int64_t>(1, 2 * positions * width)), [&](int64_t begin, int64_t end) {
        std::vector<float> scores(positions);
        for (int64_t i = begin; i < end; i++) {
            const int64_t row = i / heads, head = i % heads;
            kernels::attend(
                queries + row * q.stride(0) + head * q.stride(1), keys + row * k.stride(0) + head / shared * k.stride(1),
                values + row * v.stride(0) + head / shared * v.stride(1), positions, k.stride(2), v.stride(2), width,
                allowed == nullptr ? nullptr : allowed + row * allowed_stride, scale, scores.data(), to + i * width);
        }
    });
    return y;
}

}  // namespace

CTStatus ct_attention(CTTensor q, CTTensor k, CTTensor v, CTTensor mask, bool causal, CTTensor *out) {
    return tensor("attention", out, [&] {
        // A causal mask of one query is that of the first position.
        const bool sees_all = !causal || in(k).size(2) == 1;
        if (sees_all && is_single_query(in(q), in(k), in(v), optional(mask))) return single_query_attention(in(q), in(k), in(v), optional(mask));
        const bool grouped = in(q).size(1) != in(k).size(1);
        return at::scaled_dot_product_attention(
            in(q), in(k), in(v), optional(mask), /*dropout_p=*/0, causal, /*scale=*/std::nullopt, grouped);
    });
}

CTStatus ct_layer_norm(CTTensor x, CTTensor weight, CTTensor bias, int64_t groups, double epsilon, CTTensor *out) {
    return tensor("layer_norm", out, [&] {
        const auto &input = in(x);
        const auto factor = optional(weight), summand = optional(bias);
        if (input.dim() == 0 || groups < 1 || input.size(-1) % groups != 0) {
            throw InvalidArgument("the groups do not divide the width");
        }
        const int64_t width = input.size(-1) / groups;
        if (groups == 1) return at::layer_norm(input, {width}, factor, summand, epsilon);
        auto y = at::layer_norm(input.unflatten(-1, {groups, width}), {width}, {}, {}, epsilon).flatten(-2);
        if (factor) y = y * *factor;
        return summand ? y + *summand : y;
    });
}

CTStatus ct_conv2d(CTTensor x, CTTensor kernel, CTTensor bias, int64_t stride, int64_t padding, CTTensor *out) {
    return tensor("conv2d", out, [&] {
        return at::conv2d(in(x), in(kernel), optional(bias), stride, padding);
    });
}

CTStatus ct_upsample_nearest2d(CTTensor x, int64_t factor, CTTensor *out) {
    return tensor("upsample_nearest2d", out, [&] {
        return at::upsample_nearest2d(in(x), {in(x).size(2) * factor, in(x).size(3) * factor});
    });
}

CTStatus ct_group_norm(CTTensor x, int64_t groups, CTTensor weight, CTTensor bias, double epsilon, CTTensor *out) {
    return tensor("group_norm", out, [&] {
        return at::group_norm(in(x), groups, in(weight), in(bias), epsilon);
    });
}
