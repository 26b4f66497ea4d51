// GGML's blocks of quantized numbers as 32-bit floats, bit for bit as Python's `gguf` makes them, or as
// the integers that they hold.
//
// `count` blocks at any alignment have `count` times 32 elements, or 256 for those named k. The layouts
// are those of ggml-quants.c.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void cc_dequantize_q4_0(const void *blocks, size_t count, float *out);
void cc_dequantize_q4_1(const void *blocks, size_t count, float *out);
void cc_dequantize_q5_0(const void *blocks, size_t count, float *out);
void cc_dequantize_q5_1(const void *blocks, size_t count, float *out);
void cc_dequantize_q8_0(const void *blocks, size_t count, float *out);
void cc_dequantize_q2_k(const void *blocks, size_t count, float *out);
void cc_dequantize_q3_k(const void *blocks, size_t count, float *out);
void cc_dequantize_q4_k(const void *blocks, size_t count, float *out);
void cc_dequantize_q5_k(const void *blocks, size_t count, float *out);
void cc_dequantize_q6_k(const void *blocks, size_t count, float *out);

// A scale for each group of 32 elements, or 16 in q2_k, q3_k and q6_k. A number is integer * scale, or
// where a type has minima, q4_1, q5_1, q2_k, q4_k and q5_k, integer * scale + minimum, each step rounded.
// `minima` of other types are not written.

void cc_unpack_q4_0(const void *blocks, size_t count, int8_t *integers, float *scales, float *minima);
void cc_unpack_q4_1(const void *blocks, size_t count, int8_t *integers, float *scales, float *minima);
void cc_unpack_q5_0(const void *blocks, size_t count, int8_t *integers, float *scales, float *minima);
void cc_unpack_q5_1(const void *blocks, size_t count, int8_t *integers, float *scales, float *minima);
void cc_unpack_q8_0(const void *blocks, size_t count, int8_t *integers, float *scales, float *minima);
void cc_unpack_q2_k(const void *blocks, size_t count, int8_t *integers, float *scales, float *minima);
void cc_unpack_q3_k(const void *blocks, size_t count, int8_t *integers, float *scales, float *minima);
void cc_unpack_q4_k(const void *blocks, size_t count, int8_t *integers, float *scales, float *minima);
void cc_unpack_q5_k(const void *blocks, size_t count, int8_t *integers, float *scales, float *minima);
void cc_unpack_q6_k(const void *blocks, size_t count, int8_t *integers, float *scales, float *minima);

#ifdef __cplusplus
}
#endif
