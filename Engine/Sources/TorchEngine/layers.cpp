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
