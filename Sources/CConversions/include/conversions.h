// Loops over 16-bit floats, vectorized for the processor at hand.
//
// They are C because Swift compiles a loop for one generation of processors only. Sums are not
// reordered. Only scores use fused multiply-add; all other results are the same on every processor.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// sums[i] = scale * source[i], or sums[i] += scale * source[i]; bfloat16 at any alignment.
void cc_add_bfloat16(const void *source, size_t count, float scale, bool is_first, float *sums);
/// Rounds to bfloat16, to nearest, ties to even; NaN stays NaN. Any alignment.
void cc_write_bfloat16(const float *source, size_t count, void *target);

/// Whether all floats are finite; any alignment.
bool cc_are_finite_float32(const void *source, size_t count);
/// Whether all 16-bit floats are finite, whose exponent is `exponent` in each; any alignment.
bool cc_are_finite_16(const void *source, size_t count, uint16_t exponent);

/// The queries of a panel; the rows that are multiplied at once; and the padding between these rows,
/// so that they do not all map to the same cache lines.
enum { CC_SCORE_LANES = 16, CC_SCORE_ROWS = 6, CC_SCORE_PADDING = 16 };
/// The inner products of rows [count, width] of bfloat16 with queries, as
/// scores [count, panels * CC_SCORE_LANES].
///
/// `queries` are [panels, width, CC_SCORE_LANES]; `work` has room for
/// CC_SCORE_ROWS * (width + CC_SCORE_PADDING) floats.
/// Each sum runs over the width in order, so a score depends only on its row and its query.
/// Processors with fused multiply-add round once where others round twice.
void cc_scores_bfloat16(const void *rows, size_t count, size_t width, const float *queries, size_t panels, float *work, float *scores);

#ifdef __cplusplus
}
#endif
