// GGML's blocks of quantized numbers as 32-bit floats, bit for bit as Python's `gguf` makes them.
//
// `count` blocks at any alignment become `count` times 32 elements, or 256 for those named k. The
// layouts are those of ggml-quants.c.
#pragma once
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

#ifdef __cplusplus
}
#endif
