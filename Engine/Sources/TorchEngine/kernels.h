// Row kernels on float32 memory, compiled for several CPU generations and chosen at load time.
#pragma once
#include <cstdint>

namespace ct::kernels {

/// y = x / rms(x) * weight over one row of `groups` parts of `width`; `inverse` gets 1/rms of each part.
void rms_norm_row(const float *x, const float *weight, int64_t groups, int64_t width, float epsilon, float *y, float *inverse);

/// The gradient of `rms_norm_row` for x; adds the gradient for the weight to `weight_gradient`.
void rms_norm_row_backward(const float *dy, const float *x, const float *weight, const float *inverse, int64_t groups, int64_t width, float *dx, float *weight_gradient);

/// Rotates the pairs (i, i + half) of one head; `direction` is +1 forward and -1 backward.
void rotate_head(const float *x, const float *cosines, const float *sines, int64_t half, float direction, float *y);

/// y = silu(gate) * up.
void swiglu(const float *gate, const float *up, int64_t count, float *y);
void swiglu_backward(const float *dy, const float *gate, const float *up, int64_t count, float *dgate, float *dup);

/// Attention of one query [width] to `positions` keys and values, whose rows are `key_stride` and
/// `value_stride` apart; where `mask` is false a position is passed over. `scores` has room for all positions.
void attend(const float *query, const float *keys, const float *values, int64_t positions, int64_t key_stride, int64_t value_stride, int64_t width, const bool *mask, float scale, float *scores, float *y);

/// The cross-entropy of one row of logits, which are overwritten by weight * (softmax - one_hot).
float cross_entropy_row(float *logits, int64_t count, int64_t target, float weight);

}  // namespace ct::kernels
