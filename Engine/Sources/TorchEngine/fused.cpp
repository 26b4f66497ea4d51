// Layers that libtorch lacks on the CPU: one autograd function each, over a row kernel. Tensors that
// are not float32 on the CPU use a composition of libtorch's operations instead.
#include <torch/csrc/autograd/custom_function.h>

#include "boundary.h"
#include "kernels.h"
#include "mixed_precision.h"
#include "packed_tensors.h"
#include "parallel.h"
#include "rotary.h"

using namespace ct;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace {

constexpr int64_t kElementsPerTask = 1 << 15;
// Gradients of weights are summed in this many blocks of rows, so that the result does not depend on
// the number of threads.
constexpr int64_t kBlocks = 16;

int64_t grain(int64_t width) { return std::max<int64_t>(1, kElementsPerTask / std::max<int64_t>(1, width)); }

// MARK: RMS norm

/// The normalized rows of a contiguous tensor, and what they were multiplied by.
std::pair<at::Tensor, at::Tensor> rms_norm(const at::Tensor &x, const std::optional<at::Tensor> &weight, int64_t groups, double epsilon) {
    const int64_t width = x.size(-1), rows = width == 0 ? 0 : x.numel() / width;
    auto y = at::empty_like(x);
    auto inverse = at::empty({rows, groups}, x.options());
    const float *g = weight ? weight->const_data_ptr<float>() : nullptr;
    const float *from = x.const_data_ptr<float>();
    float *to = y.mutable_data_ptr<float>(), *scales = inverse.mutable_data_ptr<float>();
    parallel_for(0, rows, grain(width), [&](int64_t begin, int64_t end) {
        for (int64_t r = begin; r < end; r++) {
            kernels::rms_norm_row(from + r * width, g, groups, width / groups, static_cast<float>(epsilon), to + r * width, scales + r * groups);
        }
    });
    return {y, inverse};
}

struct RMSNorm : Function<RMSNorm> {
    static at::Tensor forward(AutogradContext *context, const at::Tensor &input, const std::optional<at::Tensor> &weight, int64_t groups, double epsilon) {
        const auto x = input.contiguous();
        const auto [y, inverse] = rms_norm(x, weight, groups, epsilon);
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
        parallel_for(0, kBlocks, 1, [&](int64_t begin, int64_t end) {
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

at::Tensor rotated(const at::Tensor &input, const Rotation &rotation, float direction) {
    const auto x = input.contiguous();
    const int64_t heads = x.size(2), width = x.size(3);
    auto y = at::empty_like(x);
    const float *from = x.const_data_ptr<float>();
    float *to = y.mutable_data_ptr<float>();
    parallel_for(0, x.size(0) * x.size(1), grain(heads * width), [&](int64_t begin, int64_t end) {
        for (int64_t token = begin; token < end; token++) {
            for (int64_t h = 0; h < heads; h++) {
                const int64_t head = (token * heads + h) * width;
                rotation.rotate(from + head, token, width, to + head, direction);
            }
        }
    });
    return y;
}

struct Rotary : Function<Rotary> {
    static at::Tensor forward(AutogradContext *context, const at::Tensor &x, const at::Tensor &cosines, const at::Tensor &sines) {
        context->save_for_backward({cosines, sines});
        return rotated(x, Rotation(cosines, sines, x), 1);
    }

    static variable_list backward(AutogradContext *context, variable_list outputs) {
        const auto saved = context->get_saved_variables();
        return {rotated(outputs[0], Rotation(saved[0], saved[1], outputs[0]), -1), at::Tensor(), at::Tensor()};
    }
};

// MARK: SwiGLU

/// silu(gate) * up of contiguous tensors.
at::Tensor swiglu(const at::Tensor &gate, const at::Tensor &up) {
    auto y = at::empty_like(gate);
    const float *g = gate.const_data_ptr<float>(), *u = up.const_data_ptr<float>();
    float *to = y.mutable_data_ptr<float>();
    parallel_for(0, gate.numel(), kElementsPerTask, [&](int64_t begin, int64_t end) {
        kernels::swiglu(g + begin, u + begin, end - begin, to + begin);
    });
    return y;
}

struct SwiGLU : Function<SwiGLU> {
    static at::Tensor forward(AutogradContext *context, const at::Tensor &gate_input, const at::Tensor &up_input) {
        const auto gate = gate_input.contiguous(), up = up_input.contiguous();
        context->save_for_backward({gate, up});
        return swiglu(gate, up);
    }

    static variable_list backward(AutogradContext *context, variable_list outputs) {
        const auto saved = context->get_saved_variables();
        const auto dy = outputs[0].contiguous();
        auto dgate = at::empty_like(saved[0]), dup = at::empty_like(saved[1]);
        const float *above = dy.const_data_ptr<float>();
        const float *g = saved[0].const_data_ptr<float>(), *u = saved[1].const_data_ptr<float>();
        float *dg = dgate.mutable_data_ptr<float>(), *du = dup.mutable_data_ptr<float>();
        parallel_for(0, dy.numel(), kElementsPerTask, [&](int64_t begin, int64_t end) {
            kernels::swiglu_backward(above + begin, g + begin, u + begin, end - begin, dg + begin, du + begin);
        });
        return {dgate, dup};
    }
};

// MARK: Linear and cross-entropy

/// Matrices [V_j, D_j] that read hidden states [N, D_j] for the rows from first_rows[j] on.
struct HeadBlocks {
    std::vector<at::Tensor> hidden, weights;
    std::vector<int64_t> first_rows;
    int64_t vocabulary;

    size_t count() const { return weights.size(); }
    int64_t rows() const { return hidden.front().size(0); }
    /// The part of logits [N, V] that a block adds to.
    at::Tensor part(const at::Tensor &logits, size_t block) const {
        return weights[block].size(0) == vocabulary ? logits : logits.narrow(1, first_rows[block], weights[block].size(0));
    }
};

struct CrossEntropySums {
    at::Tensor loss, losses;
    /// Undefined where none is needed.
    std::vector<at::Tensor> hidden_gradients, weight_gradients;
};

/// Computes the rows in chunks, so that only `chunk` rows of logits exist at a time.
/// `needs` says for which inputs, hidden states and then weights, a gradient is needed; the products
/// for them are in mixed precision where it is on.
CrossEntropySums chunked_cross_entropy(const HeadBlocks &head, const at::Tensor &targets, const at::Tensor &weights, const std::vector<bool> &needs) {
    constexpr int64_t chunk = 512;
    const int64_t rows = head.rows(), vocabulary = head.vocabulary;
    const bool is_whole = head.weights.front().size(0) == vocabulary;
    const bool is_mixed = is_mixed_precision();
    const auto type = is_mixed ? at::kBFloat16 : at::kFloat;
    // The weights that gradients of hidden states need.
    std::vector<at::Tensor> rounded;
    CrossEntropySums sums;
    sums.losses = at::empty({rows}, head.hidden.front().options());
    for (size_t j = 0; j < head.count(); j++) {
        const auto &hidden = head.hidden[j], &weight = head.weights[j];
        rounded.push_back(is_mixed && needs[j] ? weight.to(type) : at::Tensor());
        sums.hidden_gradients.push_back(needs[j] ? at::empty_like(hidden) : at::Tensor());
        sums.weight_gradients.push_back(needs[head.count() + j] ? at::zeros_like(weight) : at::Tensor());
    }
    auto buffer = at::empty({std::min(chunk, rows), vocabulary}, head.hidden.front().options());
    const int64_t *target = targets.const_data_ptr<int64_t>();
    const float *factor = weights.const_data_ptr<float>();
    float *loss = sums.losses.mutable_data_ptr<float>();
    for (int64_t start = 0; start < rows; start += chunk) {
        const int64_t length = std::min(chunk, rows - start);
        auto logits = buffer.narrow(0, 0, length);
        if (!is_whole || packed::is_packed(head.weights.front())) logits.zero_();
        for (size_t j = 0; j < head.count(); j++) {
            const auto hidden = head.hidden[j].narrow(0, start, length);
            if (packed::is_packed(head.weights[j])) {
                head.part(logits, j).add_(packed::linear(hidden, head.weights[j], std::nullopt));
            } else if (j == 0 && is_whole) {
                at::mm_out(logits, hidden, head.weights[j].t());
            } else {
                head.part(logits, j).addmm_(hidden, head.weights[j].t());
            }
        }
        float *row = logits.mutable_data_ptr<float>();
        parallel_for(0, length, grain(vocabulary), [&](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; r++) {
                loss[start + r] = kernels::cross_entropy_row(
                    row + r * vocabulary, vocabulary, target[start + r], factor[start + r]);
            }
        });
        for (size_t j = 0; j < head.count(); j++) {
            if (!needs[j] && !needs[head.count() + j]) continue;
            const auto part = head.part(logits, j).to(type);
            if (sums.hidden_gradients[j].defined()) {
                auto gradient = sums.hidden_gradients[j].narrow(0, start, length);
                if (is_mixed) {
                    gradient.copy_(at::mm(part, rounded[j]));
                } else {
                    at::mm_out(gradient, part, head.weights[j]);
                }
            }
            if (sums.weight_gradients[j].defined()) {
                const auto hidden = head.hidden[j].narrow(0, start, length);
                if (is_mixed) {
                    sums.weight_gradients[j].add_(at::mm(part.t(), hidden.to(type)));
                } else {
                    sums.weight_gradients[j].addmm_(part.t(), hidden);
                }
            }
        }
    }
    sums.loss = (sums.losses * weights).sum();
    return sums;
}

/// Its inputs are the hidden states of all blocks, then their weights.
struct HeadCrossEntropy : Function<HeadCrossEntropy> {
    static variable_list forward(AutogradContext *context, at::TensorList inputs, const HeadBlocks &head, const at::Tensor &targets, const at::Tensor &weights, bool records) {
        HeadBlocks dense = head;
        for (size_t j = 0; j < head.count(); j++) {
            dense.hidden[j] = inputs[j].contiguous();
            dense.weights[j] = inputs[head.count() + j].contiguous();
        }
        std::vector<bool> needs;
        for (const auto &input : inputs) needs.push_back(records && input.requires_grad());
        auto sums = chunked_cross_entropy(dense, targets, weights, needs);
        auto gradients = sums.hidden_gradients;
        gradients.insert(gradients.end(), sums.weight_gradients.begin(), sums.weight_gradients.end());
        context->save_for_backward(gradients);
        context->mark_non_differentiable({sums.losses});
        return {sums.loss, sums.losses};
    }

    static variable_list backward(AutogradContext *context, variable_list outputs) {
        variable_list gradients;
        for (const auto &gradient : context->get_saved_variables()) {
            gradients.push_back(gradient.defined() ? gradient * outputs[0] : at::Tensor());
        }
        gradients.resize(gradients.size() + 4);
        return gradients;
    }
};

std::tuple<at::Tensor, at::Tensor> composed_cross_entropy(const HeadBlocks &head, const at::Tensor &targets, const at::Tensor &weights) {
    at::Tensor logits;
    for (size_t j = 0; j < head.count(); j++) {
        const int64_t first = head.first_rows[j], after = head.vocabulary - first - head.weights[j].size(0);
        const auto part = at::constant_pad_nd(at::linear(head.hidden[j], head.weights[j]).to(at::kFloat), {first, after});
        logits = logits.defined() ? logits + part : part;
    }
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
        if (is_float_on_cpu(input) && (!factor || (is_float_on_cpu(*factor) && factor->is_contiguous()))) {
            if (!at::GradMode::is_enabled()) return rms_norm(input.contiguous(), factor, groups, epsilon).first;
            return RMSNorm::apply(input, factor, groups, epsilon);
        }
        return composed_rms_norm(input, factor, groups, epsilon);
    });
}

CTStatus ct_rotary(CTTensor x, CTTensor cosines, CTTensor sines, CTTensor *out) {
    return tensor("rotary", out, [&] {
        const auto &input = in(x), &c = in(cosines), &s = in(sines);
        const Rotation rotation(c, s, input);
        if (!is_float_on_cpu(input) || !rotation.is_for_kernels()) return rotation(input);
        return at::GradMode::is_enabled() ? Rotary::apply(input, c, s) : rotated(input, rotation, 1);
    });
}

CTStatus ct_swiglu(CTTensor gate, CTTensor up, CTTensor *out) {
    return tensor("swiglu", out, [&] {
        if (in(gate).sizes() != in(up).sizes()) throw InvalidArgument("gate and up differ in shape");
        if (is_float_on_cpu(in(gate)) && is_float_on_cpu(in(up))) {
            if (!at::GradMode::is_enabled()) return swiglu(in(gate).contiguous(), in(up).contiguous());
            return SwiGLU::apply(in(gate), in(up));
        }
        return at::silu(in(gate)) * in(up);
    });
}

CTStatus ct_head_cross_entropy(const CTTensor *hidden, const CTTensor *weights, const int64_t *first_rows, size_t count, int64_t vocabulary, CTTensor targets, CTTensor factors, CTTensor *loss, CTTensor *losses) {
    return tensors("head_cross_entropy", loss, losses, [&]() -> std::tuple<at::Tensor, at::Tensor> {
        const HeadBlocks head{list(hidden, count), list(weights, count), {first_rows, first_rows + count}, vocabulary};
        const auto t = in(targets).contiguous(), f = in(factors).contiguous();
        if (count == 0) throw InvalidArgument("a head has a block");
        bool is_for_kernels = true;
        for (size_t j = 0; j < count; j++) {
            const auto &h = head.hidden[j], &w = head.weights[j];
            if (h.dim() != 2 || w.dim() != 2 || h.size(1) != w.size(1) || t.dim() != 1 || t.size(0) != h.size(0) || f.sizes() != t.sizes()) {
                throw InvalidArgument("hidden [N, D], weight [V, D], targets [N] and weights [N] are expected");
            }
            if (first_rows[j] < 0 || first_rows[j] + w.size(0) > vocabulary) {
                throw InvalidArgument("a block is not in the vocabulary");
            }
            is_for_kernels = is_for_kernels && is_float_on_cpu(h) && is_float_on_cpu(w);
        }
        if (t.scalar_type() != at::kLong || f.scalar_type() != at::kFloat) {
            throw InvalidArgument("targets are int64 and weights float32");
        }
        if (t.numel() > 0 && !t.is_meta()) {
            const auto [lowest, highest] = at::aminmax(t);
            if (lowest.item().toLong() < 0 || highest.item().toLong() >= vocabulary) {
                throw InvalidArgument("a target is not in the vocabulary");
            }
        }
        if (std::any_of(head.weights.begin(), head.weights.end(), packed::is_packed)) {
            HeadBlocks dense = head;
            for (auto &hidden : dense.hidden) {
                if (at::GradMode::is_enabled() && hidden.requires_grad()) throw InvalidArgument("packed weights have no gradients");
                hidden = hidden.to(at::kFloat).contiguous();
            }
            const auto sums = chunked_cross_entropy(dense, t, f, std::vector<bool>(2 * count, false));
            return {sums.loss, sums.losses};
        }
        if (!is_for_kernels) return composed_cross_entropy(head, t, f);
        auto inputs = head.hidden;
        inputs.insert(inputs.end(), head.weights.begin(), head.weights.end());
        const auto results = HeadCrossEntropy::apply(at::TensorList(inputs), head, t, f, at::GradMode::is_enabled());
        return {results[0], results[1]};
    });
}
