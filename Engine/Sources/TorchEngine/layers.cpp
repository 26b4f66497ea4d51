// Layers of libtorch; fused.cpp has those that it lacks.
#include "boundary.h"
#include "packed_tensors.h"

using namespace ct;

CTStatus ct_linear(CTTensor x, CTTensor weight, CTTensor bias, CTTensor *out) {
    return tensor("linear", out, [&] {
        if (packed::is_packed(in(weight))) return packed::linear(in(x), in(weight), optional(bias));
        return at::linear(in(x), in(weight), optional(bias));
    });
}

CTStatus ct_embedding(CTTensor table, CTTensor indices, CTTensor *out) {
    return tensor("embedding", out, [&] {
        if (packed::is_packed(in(table))) return packed::embedding(in(table), in(indices));
        return at::embedding(in(table), in(indices));
    });
}

CTStatus ct_attention(CTTensor q, CTTensor k, CTTensor v, CTTensor mask, bool causal, CTTensor *out) {
    return tensor("attention", out, [&] {
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
