// Layers that libtorch lacks on the CPU: one autograd function each, over a row kernel. Tensors that
// are not float32 on the CPU use a composition of libtorch's operations instead.
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include "boundary.h"
#include "kernels.h"

using namespace ct;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace {

constexpr int64_t kElementsPerTask = 1 << 15;
// Gradients of weights are summed in this many blocks of rows, so that the result does not depend on
// the number of threads.
constexpr int64_t kBlocks = 16;

bool is_plain(const at::Tensor &x) { return x.is_cpu() && x.scalar_type() == at::kFloat; }

int64_t grain(int64_t width) { return std::max<int64_t>(1, kElementsPerTask / std::max<int64_t>(1, width)); }

// MARK: RMS norm

struct RMSNorm : Function<RMSNorm> {
    static at::Tensor forward(AutogradContext *context, const at::Tensor &input, const std::optional<at::Tensor> &weight, int64_t groups, double epsilon) {
        const auto x = input.contiguous();
        const int64_t width = x.size(-1), rows = width == 0 ? 0 : x.numel() / width;
        auto y = at::empty_like(x);
        auto inverse = at::empty({rows, groups}, x.options());
        const float *g = weight ? weight->const_data_ptr<float>() : nullptr;
        const float *from = x.const_data_ptr<float>();
        float *to = y.mutable_data_ptr<float>(), *scales = inverse.mutable_data_ptr<float>();
        at::parallel_for(0, rows, grain(width), [&](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; r++) {
                kernels::rms_norm_row(from + r * width, g, groups, width / groups, static_cast<float>(epsilon), to + r * width, scales + r * groups);
            }
        });
        context->save_for_backward({x, weight.value_or(at::Tensor()), inverse});
        context->saved_data["groups"] = groups;
        return y;
    }

    static variable_list backward(AutogradContext *context, variable_list outputs) {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &weight = saved[1], &inverse = saved[2];
        const auto dy = outputs[0].contiguous();
        const int64_t groups = context->saved_data["groups"].toInt();
        const int64_t width = x.size(-1), rows = width == 0 ? 0 : x.numel() / width;
        auto dx = at::empty_like(x);
        auto sums = weight.defined() ? at::zeros({kBlocks, width}, x.options()) : at::Tensor();
        const float *g = weight.defined() ? weight.const_data_ptr<float>() : nullptr;
        const float *from = x.const_data_ptr<float>(), *above = dy.const_data_ptr<float>();
        const float *scales = inverse.const_data_ptr<float>();
        float *to = dx.mutable_data_ptr<float>();
        float *blocks = weight.defined() ? sums.mutable_data_ptr<float>() : nullptr;
        at::parallel_for(0, kBlocks, 1, [&](int64_t begin, int64_t end) {
            for (int64_t b = begin; b < end; b++) {
                for (int64_t r = rows * b / kBlocks; r < rows * (b + 1) / kBlocks; r++) {
                    kernels::rms_norm_row_backward(
                        above + r * width, from + r * width, g, scales + r * groups, groups,
                        width / groups, to + r * width, blocks == nullptr ? nullptr : blocks + b * width);
                }
            }
        });
        return {dx, weight.defined() ? sums.sum(0) : at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

at::Tensor composed_rms_norm(const at::Tensor &x, const std::optional<at::Tensor> &weight, int64_t groups, double epsilon) {
    auto parts = x.to(at::kFloat).unflatten(-1, {groups, x.size(-1) / groups});
    parts = parts * at::rsqrt(parts.square().mean(-1, true) + epsilon);
    auto y = parts.flatten(-2).to(x.scalar_type());
    return weight ? y * *weight : y;
}

// MARK: Rotary position embedding

at::Tensor rotated(const at::Tensor &input, const at::Tensor &cosines, const at::Tensor &sines, float direction) {
    const auto x = input.contiguous();
    const int64_t positions = x.size(1), heads = x.size(2), width = x.size(3);
    auto y = at::empty_like(x);
    const float *from = x.const_data_ptr<float>();
    const float *c = cosines.const_data_ptr<float>(), *s = sines.const_data_ptr<float>();
    float *to = y.mutable_data_ptr<float>();
    at::parallel_for(0, x.size(0) * positions, grain(heads * width), [&](int64_t begin, int64_t end) {
        for (int64_t r = begin; r < end; r++) {
            const int64_t angle = (r % positions) * (width / 2);
            for (int64_t h = 0; h < heads; h++) {
                const int64_t head = (r * heads + h) * width;
                kernels::rotate_head(from + head, c + angle, s + angle, width / 2, direction, to + head);
            }
        }
    });
    return y;
}

struct Rotary : Function<Rotary> {
    static at::Tensor forward(AutogradContext *context, const at::Tensor &x, const at::Tensor &cosines, const at::Tensor &sines) {
        context->save_for_backward({cosines, sines});
        return rotated(x, cosines, sines, 1);
    }

    static variable_list backward(AutogradContext *context, variable_list outputs) {
        const auto saved = context->get_saved_variables();
        return {rotated(outputs[0], saved[0], saved[1], -1), at::Tensor(), at::Tensor()};
    }
};

at::Tensor composed_rotary(const at::Tensor &x, const at::Tensor &cosines, const at::Tensor &sines) {
    const auto c = cosines.unsqueeze(1).to(x.scalar_type()), s = sines.unsqueeze(1).to(x.scalar_type());
    const auto halves = x.chunk(2, -1);
    return at::cat({halves[0] * c - halves[1] * s, halves[1] * c + halves[0] * s}, -1);
}

// MARK: SwiGLU

struct SwiGLU : Function<SwiGLU> {
    static at::Tensor forward(AutogradContext *context, const at::Tensor &gate_input, const at::Tensor &up_input) {
        const auto gate = gate_input.contiguous(), up = up_input.contiguous();
        context->save_for_backward({gate, up});
        auto y = at::empty_like(gate);
        const float *g = gate.const_data_ptr<float>(), *u = up.const_data_ptr<float>();
        float *to = y.mutable_data_ptr<float>();
        at::parallel_for(0, gate.numel(), kElementsPerTask, [&](int64_t begin, int64_t end) {
            kernels::swiglu(g + begin, u + begin, end - begin, to + begin);
        });
        return y;
    }

    static variable_list backward(AutogradContext *context, variable_list outputs) {
        const auto saved = context->get_saved_variables();
        const auto dy = outputs[0].contiguous();
        auto dgate = at::empty_like(saved[0]), dup = at::empty_like(saved[1]);
        const float *above = dy.const_data_ptr<float>();
        const float *g = saved[0].const_data_ptr<float>(), *u = saved[1].const_data_ptr<float>();
        float *dg = dgate.mutable_data_ptr<float>(), *du = dup.mutable_data_ptr<float>();
        at::parallel_for(0, dy.numel(), kElementsPerTask, [&](int64_t begin, int64_t end) {
            kernels::swiglu_backward(above + begin, g + begin, u + begin, end - begin, dg + begin, du + begin);
        });
        return {dgate, dup};
    }
};

// MARK: Linear and cross-entropy

struct CrossEntropySums {
    at::Tensor loss, losses, hidden_gradient, weight_gradient;
};

/// Computes the rows in chunks, so that only `chunk` rows of logits exist at a time.
CrossEntropySums chunked_cross_entropy(const at::Tensor &hidden, const at::Tensor &weight, const at::Tensor &targets, const at::Tensor &weights, bool needs_hidden, bool needs_weight) {
    constexpr int64_t chunk = 512;
    const int64_t rows = hidden.size(0), vocabulary = weight.size(0);
    CrossEntropySums sums;
    sums.losses = at::empty({rows}, hidden.options());
    if (needs_hidden) sums.hidden_gradient = at::empty_like(hidden);
    if (needs_weight) sums.weight_gradient = at::zeros_like(weight);
    auto buffer = at::empty({std::min(chunk, rows), vocabulary}, hidden.options());
    const int64_t *target = targets.const_data_ptr<int64_t>();
    const float *factor = weights.const_data_ptr<float>();
    float *loss = sums.losses.mutable_data_ptr<float>();
    for (int64_t start = 0; start < rows; start += chunk) {
        const int64_t length = std::min(chunk, rows - start);
        auto logits = buffer.narrow(0, 0, length);
        const auto part = hidden.narrow(0, start, length);
        at::mm_out(logits, part, weight.t());
        float *row = logits.mutable_data_ptr<float>();
        at::parallel_for(0, length, grain(vocabulary), [&](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; r++) {
                loss[start + r] = kernels::cross_entropy_row(
                    row + r * vocabulary, vocabulary, target[start + r], factor[start + r]);
            }
        });
        if (needs_hidden) {
            auto gradient = sums.hidden_gradient.narrow(0, start, length);
            at::mm_out(gradient, logits, weight);
        }
        if (needs_weight) sums.weight_gradient.addmm_(logits.t(), part);
    }
    sums.loss = (sums.losses * weights).sum();
    return sums;
}

struct LinearCrossEntropy : Function<LinearCrossEntropy> {
    static variable_list forward(AutogradContext *context, const at::Tensor &hidden, const at::Tensor &weight, const at::Tensor &targets, const at::Tensor &weights, bool needs_hidden, bool needs_weight) {
        auto sums = chunked_cross_entropy(hidden.contiguous(), weight.contiguous(), targets, weights, needs_hidden, needs_weight);
        context->save_for_backward({sums.hidden_gradient, sums.weight_gradient});
        context->mark_non_differentiable({sums.losses});
        return {sums.loss, sums.losses};
    }

    static variable_list backward(AutogradContext *context, variable_list outputs) {
        const auto saved = context->get_saved_variables();
        variable_list gradients(6);
        if (saved[0].defined()) gradients[0] = saved[0] * outputs[0];
        if (saved[1].defined()) gradients[1] = saved[1] * outputs[0];
        return gradients;
    }
};

std::tuple<at::Tensor, at::Tensor> composed_cross_entropy(const at::Tensor &hidden, const at::Tensor &weight, const at::Tensor &targets, const at::Tensor &weights) {
    const auto logits = at::linear(hidden, weight).to(at::kFloat);
    const auto losses = at::cross_entropy_loss(logits, targets, {}, at::Reduction::None);
    return {(losses * weights).sum(), losses.detach()};
}

}  // namespace

CTStatus ct_rms_norm(CTTensor x, CTTensor weight, int64_t groups, double epsilon, CTTensor *out) {
    return tensor("rms_norm", out, [&] {
        const auto &input = in(x);
        const auto factor = optional(weight);
        if (input.dim() == 0 || groups < 1 || input.size(-1) % groups != 0) {
            throw InvalidArgument("the groups do not divide the width");
        }
        if (factor && (factor->dim() != 1 || factor->size(0) != input.size(-1))) {
            throw InvalidArgument("the weight does not have the width of the input");
        }
        if (is_plain(input) && (!factor || (is_plain(*factor) && factor->is_contiguous()))) {
            return RMSNorm::apply(input, factor, groups, epsilon);
        }
        return composed_rms_norm(input, factor, groups, epsilon);
    });
}

CTStatus ct_rotary(CTTensor x, CTTensor cosines, CTTensor sines, CTTensor *out) {
    return tensor("rotary", out, [&] {
        const auto &input = in(x), &c = in(cosines), &s = in(sines);
        if (input.dim() != 4 || c.dim() != 2 || c.sizes() != s.sizes() || c.size(0) != input.size(1) || c.size(1) * 2 != input.size(3)) {
            throw InvalidArgument("x must be [B, T, H, W] and the tables [T, W/2]");
        }
        if (is_plain(input) && is_plain(c) && is_plain(s) && c.is_contiguous() && s.is_contiguous()) {
            return Rotary::apply(input, c, s);
        }
        return composed_rotary(input, c, s);
    });
}

CTStatus ct_swiglu(CTTensor gate, CTTensor up, CTTensor *out) {
    return tensor("swiglu", out, [&] {
        if (in(gate).sizes() != in(up).sizes()) throw InvalidArgument("gate and up differ in shape");
        if (is_plain(in(gate)) && is_plain(in(up))) return SwiGLU::apply(in(gate), in(up));
        return at::silu(in(gate)) * in(up);
    });
}

CTStatus ct_linear_cross_entropy(CTTensor hidden, CTTensor weight, CTTensor targets, CTTensor weights, CTTensor *loss, CTTensor *losses) {
    return tensors("linear_cross_entropy", loss, losses, [&]() -> std::tuple<at::Tensor, at::Tensor> {
        const auto &h = in(hidden), &w = in(weight);
        const auto t = in(targets).contiguous(), f = in(weights).contiguous();
        if (h.dim() != 2 || w.dim() != 2 || h.size(1) != w.size(1) || t.dim() != 1 || t.size(0) != h.size(0) || f.sizes() != t.sizes()) {
            throw InvalidArgument("hidden [N, D], weight [V, D], targets [N] and weights [N] are expected");
        }
        if (t.scalar_type() != at::kLong || f.scalar_type() != at::kFloat) {
            throw InvalidArgument("targets are int64 and weights float32");
        }
        if (t.numel() > 0 && !t.is_meta()) {
            const auto [lowest, highest] = at::aminmax(t);
            if (lowest.item().toLong() < 0 || highest.item().toLong() >= w.size(0)) {
                throw InvalidArgument("a target is not in the vocabulary");
            }
        }
        if (!is_plain(h) || !is_plain(w)) return composed_cross_entropy(h, w, t, f);
        const bool records = at::GradMode::is_enabled();
        const auto results = LinearCrossEntropy::apply(h, w, t, f, records && h.requires_grad(), records && w.requires_grad());
        return {results[0], results[1]};
    });
}
