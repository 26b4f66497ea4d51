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

/// The most queries that are computed at a time.
constexpr int kAttentionQueries = 4;

/// Queries of heads that share keys and values, each [width], and `positions` keys and values, one after
/// the other.
struct AttentionInput {
    int64_t count, positions, width;
    const float *queries[kAttentionQueries];
    float *outputs[kAttentionQueries];
    const float *keys, *values;
    /// Of each query, whether it attends to a position; null for all before its end.
    const bool *masks[kAttentionQueries];
    /// Of each query, the position behind the last that it may attend to; at least one is attended to.
    int64_t ends[kAttentionQueries];
    float scale;
};

/// The room for a query's scores.
constexpr int64_t attention_pitch(int64_t positions) { return (positions + 15) / 16 * 16; }

/// softmax(queries · keysᵀ · scale) · values; `scores` has room for `kAttentionQueries` times the pitch.
///
/// A query's result has the same bits whichever others are computed with it, if all values are finite.
void attend(const AttentionInput &input, float *scores);

/// The cross-entropy of one row of logits, which are overwritten by weight * (softmax - one_hot).
float cross_entropy_row(float *logits, int64_t count, int64_t target, float weight);

}  // namespace ct::kernels
