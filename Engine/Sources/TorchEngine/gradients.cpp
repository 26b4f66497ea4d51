// Gradients and the optimizer step.
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_fused_adamw.h>
#include <c10/core/GradMode.h>

#include "boundary.h"
#include "mixed_precision.h"

using namespace ct;

CTStatus ct_require_gradient(CTTensor x, bool required) {
    return guarded("require_gradient", [&] { in(x).set_requires_grad(required); });
}

bool ct_requires_gradient(CTTensor x) { return x != nullptr && in(x).requires_grad(); }

CTStatus ct_detach(CTTensor x, CTTensor *out) {
    return tensor("detach", out, [&] { return in(x).detach(); });
}

CTStatus ct_backward(CTTensor loss) {
    return guarded("backward", [&] { in(loss).backward(); });
}

CTStatus ct_gradient(CTTensor leaf, CTTensor *result) {
    return guarded("gradient", [&] {
        const auto &gradient = in(leaf).grad();
        *result = gradient.defined() ? out(gradient) : nullptr;
    });
}

CTStatus ct_clear_gradient(CTTensor leaf) {
    return guarded("clear_gradient", [&] {
        auto x = in(leaf);
        x.mutable_grad() = at::Tensor();
    });
}

bool ct_set_gradient_mode(bool enabled) {
    const bool before = c10::GradMode::is_enabled();
    c10::GradMode::set_enabled(enabled);
    return before;
}

static thread_local bool mixed_precision = false;

bool ct::is_mixed_precision() { return mixed_precision; }

bool ct_set_mixed_precision(bool enabled) { return std::exchange(mixed_precision, enabled); }

bool ct_multiplies_bfloat16(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16");
#else
    return true;
#endif
}

static std::vector<at::Tensor> gradients(const CTTensor *leaves, size_t count) {
    std::vector<at::Tensor> result;
    for (size_t i = 0; i < count; i++) {
        if (in(leaves[i]).grad().defined()) result.push_back(in(leaves[i]).grad());
    }
    return result;
}

CTStatus ct_gradient_norm(const CTTensor *leaves, size_t count, double *out) {
    return guarded("gradient_norm", [&] {
        double square = 0;
        for (const auto &norm : at::_foreach_norm(gradients(leaves, count), 2)) {
            const double value = norm.item().toDouble();
            square += value * value;
        }
        *out = std::sqrt(square);
    });
}

CTStatus ct_scale_gradients(const CTTensor *leaves, size_t count, double factor) {
    return guarded("scale_gradients", [&] {
        at::NoGradGuard guard;
        for (auto &gradient : gradients(leaves, count)) gradient.mul_(factor);
    });
}

CTStatus ct_adamw(const CTTensor *leaves, const CTTensor *first, const CTTensor *second, size_t count, int64_t step, double learning_rate, double beta1, double beta2, double epsilon, double weight_decay) {
    return guarded("adamw", [&] {
        at::NoGradGuard guard;
        std::vector<at::Tensor> parameters, gradients, means, squares, steps;
        for (size_t i = 0; i < count; i++) {
            const auto &gradient = in(leaves[i]).grad();
            if (!gradient.defined()) continue;
            parameters.push_back(in(leaves[i]).detach());
            gradients.push_back(gradient.contiguous());
            means.push_back(in(first[i]));
            squares.push_back(in(second[i]));
            // libtorch counts the step up before it uses it.
            steps.push_back(at::full({}, static_cast<double>(step), at::kFloat));
        }
        if (parameters.empty()) return;
        at::_fused_adamw_(
            parameters, gradients, means, squares, /*max_exp_avg_sqs=*/{}, steps, learning_rate,
            beta1, beta2, weight_decay, epsilon, /*amsgrad=*/false, /*maximize=*/false);
    });
}
