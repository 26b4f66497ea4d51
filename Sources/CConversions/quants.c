#include "quants.h"

#include <string.h>

#include "clones.h"

// A product and a sum are rounded one after the other, as in the reference.
#pragma clang fp contract(off)

/// The value of a binary16 at any alignment.
///
/// Exponent and fraction, shifted to their position in 32 bits, are a number 2^112 too small. The
/// product is exact, for subnormal numbers too.
static inline float half(const uint8_t *bytes) {
    const uint32_t bits = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8;
    const uint32_t magnitude = (bits & 0x7FFF) << 13;
    float scaled;
    memcpy(&scaled, &magnitude, sizeof scaled);
    scaled *= 0x1p112f;
    uint32_t result;
    memcpy(&result, &scaled, sizeof result);
    // The largest exponent means infinity or NaN in both formats.
    if (magnitude >= 0x0F800000) result = magnitude | 0x7F800000;
    result |= (bits & 0x8000) << 16;
    memcpy(&scaled, &result, sizeof scaled);
    return scaled;
}

// Blocks of 32 elements: the low nibbles are the first 16 elements, the high ones the others.

static inline void q4_0(const uint8_t *restrict block, float *restrict out) {
    const float d = half(block);
    const uint8_t *q = block + 2;
    for (int i = 0; i < 16; i++) {
        out[i] = d * (float)((q[i] & 0xF) - 8);
        out[i + 16] = d * (float)((q[i] >> 4) - 8);
    }
}

static inline void q4_1(const uint8_t *restrict block, float *restrict out) {
    const float d = half(block), m = half(block + 2);
    const uint8_t *q = block + 4;
    for (int i = 0; i < 16; i++) {
        out[i] = d * (float)(q[i] & 0xF) + m;
        out[i + 16] = d * (float)(q[i] >> 4) + m;
    }
}

/// The fifth bits of a block's elements.
static inline uint32_t fifth_bits(const uint8_t *bytes) {
    uint32_t bits;
    memcpy(&bits, bytes, sizeof bits);
    return bits;
}

static inline void q5_0(const uint8_t *restrict block, float *restrict out) {
    const float d = half(block);
    const uint32_t high = fifth_bits(block + 2);
    const uint8_t *q = block + 6;
    for (int i = 0; i < 16; i++) {
        const int low = (q[i] & 0xF) | (int)(high >> i & 1) << 4;
        const int upper = (q[i] >> 4) | (int)(high >> (i + 16) & 1) << 4;
        out[i] = d * (float)(low - 16);
        out[i + 16] = d * (float)(upper - 16);
    }
}

static inline void q5_1(const uint8_t *restrict block, float *restrict out) {
    const float d = half(block), m = half(block + 2);
    const uint32_t high = fifth_bits(block + 4);
    const uint8_t *q = block + 8;
    for (int i = 0; i < 16; i++) {
        const int low = (q[i] & 0xF) | (int)(high >> i & 1) << 4;
        const int upper = (q[i] >> 4) | (int)(high >> (i + 16) & 1) << 4;
        out[i] = d * (float)low + m;
        out[i + 16] = d * (float)upper + m;
    }
}

static inline void q8_0(const uint8_t *restrict block, float *restrict out) {
    const float d = half(block);
    for (int i = 0; i < 32; i++) out[i] = (float)(int8_t)block[2 + i] * d;
}

// Blocks of 256 elements with a scale for each 16 or 32 of them.

static inline void q2_k(const uint8_t *restrict block, float *restrict out) {
    const uint8_t *scales = block, *q = block + 16;
    const float d = half(block + 80), dmin = half(block + 82);
    for (int group = 0; group < 16; group++) {
        const float scale = d * (float)(scales[group] & 0xF);
        const float minimum = dmin * (float)(scales[group] >> 4);
        // Eight groups share 32 bytes: two at each of four shifts.
        const uint8_t *bytes = q + group / 8 * 32 + group % 2 * 16;
        const int shift = group / 2 % 4 * 2;
        for (int i = 0; i < 16; i++) {
            out[group * 16 + i] = scale * (float)(bytes[i] >> shift & 3) - minimum;
        }
    }
}

static inline void q3_k(const uint8_t *restrict block, float *restrict out) {
    const uint8_t *mask = block, *q = block + 32, *scales = block + 96;
    const float d = half(block + 108);
    for (int group = 0; group < 16; group++) {
        const int low = scales[group % 8] >> (group / 8 * 4) & 0xF;
        const int high = scales[8 + group % 4] >> (group / 4 * 2) & 3;
        const float scale = d * (float)((low | high << 4) - 32);
        const uint8_t *bytes = q + group / 8 * 32 + group % 2 * 16;
        const uint8_t *bits = mask + group % 2 * 16;
        const int shift = group / 2 % 4 * 2, bit = group / 2;
        for (int i = 0; i < 16; i++) {
            // The offset applies where the bit is clear.
            const int offset = (bits[i] >> bit & 1) ? 0 : 4;
            out[group * 16 + i] = scale * (float)((bytes[i] >> shift & 3) - offset);
        }
    }
}

/// The 6-bit scale and minimum of one of eight groups, from 12 bytes.
static inline void scale_and_minimum(const uint8_t *bytes, int group, int *scale, int *minimum) {
    if (group < 4) {
        *scale = bytes[group] & 0x3F;
        *minimum = bytes[group + 4] & 0x3F;
    } else {
        *scale = (bytes[group + 4] & 0xF) | (bytes[group - 4] >> 6) << 4;
        *minimum = (bytes[group + 4] >> 4) | (bytes[group] >> 6) << 4;
    }
}

static inline void q4_k(const uint8_t *restrict block, float *restrict out) {
    const float d = half(block), dmin = half(block + 2);
    const uint8_t *q = block + 16;
    for (int group = 0; group < 8; group++) {
        int scale, minimum;
        scale_and_minimum(block + 4, group, &scale, &minimum);
        const float s = d * (float)scale, m = dmin * (float)minimum;
        const uint8_t *bytes = q + group / 2 * 32;
        const int shift = group % 2 * 4;
        for (int i = 0; i < 32; i++) out[group * 32 + i] = s * (float)(bytes[i] >> shift & 0xF) - m;
    }
}

static inline void q5_k(const uint8_t *restrict block, float *restrict out) {
    const float d = half(block), dmin = half(block + 2);
    const uint8_t *high = block + 16, *q = block + 48;
    for (int group = 0; group < 8; group++) {
        int scale, minimum;
        scale_and_minimum(block + 4, group, &scale, &minimum);
        const float s = d * (float)scale, m = dmin * (float)minimum;
        const uint8_t *bytes = q + group / 2 * 32;
        const int shift = group % 2 * 4;
        for (int i = 0; i < 32; i++) {
            const int value = (bytes[i] >> shift & 0xF) | (high[i] >> group & 1) << 4;
            out[group * 32 + i] = s * (float)value - m;
        }
    }
}

static inline void q6_k(const uint8_t *restrict block, float *restrict out) {
    const uint8_t *low = block, *high = block + 128;
    const int8_t *scales = (const int8_t *)block + 192;
    const float d = half(block + 208);
    for (int group = 0; group < 8; group++) {
        // Four groups share 64 low bytes, two at each nibble, and 32 high ones.
        const uint8_t *bytes = low + group / 4 * 64 + group % 2 * 32;
        const uint8_t *bits = high + group / 4 * 32;
        const int shift = group / 2 % 2 * 4, pair = group % 4 * 2;
        for (int side = 0; side < 2; side++) {
            const float scale = d * (float)scales[group * 2 + side];
            for (int i = side * 16; i < side * 16 + 16; i++) {
                const int value = (bytes[i] >> shift & 0xF) | (bits[i] >> pair & 3) << 4;
                out[group * 32 + i] = scale * (float)(value - 32);
            }
        }
    }
}

#define CC_DEQUANTIZE(type, bytes, elements)                                             \
    CC_CLONES void cc_dequantize_##type(const void *blocks, size_t count, float *out) {  \
        const uint8_t *block = blocks;                                                   \
        for (size_t i = 0; i < count; i++) type(block + i * bytes, out + i * elements);  \
    }

CC_DEQUANTIZE(q4_0, 18, 32)
CC_DEQUANTIZE(q4_1, 20, 32)
CC_DEQUANTIZE(q5_0, 22, 32)
CC_DEQUANTIZE(q5_1, 24, 32)
CC_DEQUANTIZE(q8_0, 34, 32)
CC_DEQUANTIZE(q2_k, 84, 256)
CC_DEQUANTIZE(q3_k, 110, 256)
CC_DEQUANTIZE(q4_k, 144, 256)
CC_DEQUANTIZE(q5_k, 176, 256)
CC_DEQUANTIZE(q6_k, 210, 256)
