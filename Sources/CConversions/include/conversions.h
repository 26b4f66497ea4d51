// Loops over numbers of 16 bits, in vectors of the processor at hand.
//
// They are C because Swift compiles a loop for one generation of processors only. Results are the
// same on all: nothing is reordered or contracted.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// sums[i] = scale * source[i], or sums[i] += scale * source[i]; bfloat16 at any alignment.
void cc_add_bfloat16(const void *source, size_t count, float scale, bool is_first, float *sums);
/// Rounds to bfloat16, to the nearest, ties to even; "no number" stays one. Any alignment.
void cc_write_bfloat16(const float *source, size_t count, void *target);

#ifdef __cplusplus
}
#endif
