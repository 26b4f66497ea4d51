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

// A function a type: the integers of one of a block's groups, and what makes numbers of them.

typedef struct {
    float scale;
    float minimum;  // 0 for types without minima
} Factors;

// Blocks of 32 elements, one group: the low nibbles are the first 16 elements, the high ones the others.

static inline Factors q4_0(const uint8_t *restrict block, int group, int8_t *restrict out) {
    const uint8_t *q = block + 2;
    for (int i = 0; i < 16; i++) {
        out[i] = (int8_t)((q[i] & 0xF) - 8);
        out[i + 16] = (int8_t)((q[i] >> 4) - 8);
    }
    return (Factors){half(block), 0};
}

static inline Factors q4_1(const uint8_t *restrict block, int group, int8_t *restrict out) {
    const uint8_t *q = block + 4;
    for (int i = 0; i < 16; i++) {
        out[i] = q[i] & 0xF;
        out[i + 16] = q[i] >> 4;
    }
    return (Factors){half(block), half(block + 2)};
}

/// The 5-bit integers of a block, minus an offset: nibbles, and the fifth bits before them.
static inline void five_bits(const uint8_t *restrict bytes, int offset, int8_t *restrict out) {
    uint32_t high;
    memcpy(&high, bytes, sizeof high);
    const uint8_t *q = bytes + 4;
    for (int i = 0; i < 16; i++) {
        out[i] = (int8_t)(((q[i] & 0xF) | (int)(high >> i & 1) << 4) - offset);
        out[i + 16] = (int8_t)(((q[i] >> 4) | (int)(high >> (i + 16) & 1) << 4) - offset);
    }
}

static inline Factors q5_0(const uint8_t *restrict block, int group, int8_t *restrict out) {
    five_bits(block + 2, 16, out);
    return (Factors){half(block), 0};
}

static inline Factors q5_1(const uint8_t *restrict block, int group, int8_t *restrict out) {
    five_bits(block + 4, 0, out);
    return (Factors){half(block), half(block + 2)};
}

static inline Factors q8_0(const uint8_t *restrict block, int group, int8_t *restrict out) {
    memcpy(out, block + 2, 32);
    return (Factors){half(block), 0};
}

// Blocks of 256 elements with groups of 16 or 32.

static inline Factors q2_k(const uint8_t *restrict block, int group, int8_t *restrict out) {
    const uint8_t *scales = block, *q = block + 16;
    // Eight groups share 32 bytes: two at each of four shifts.
    const uint8_t *bytes = q + group / 8 * 32 + group % 2 * 16;
    const int shift = group / 2 % 4 * 2;
    for (int i = 0; i < 16; i++) out[i] = bytes[i] >> shift & 3;
    const float d = half(block + 80), dmin = half(block + 82);
    return (Factors){d * (float)(scales[group] & 0xF), -(dmin * (float)(scales[group] >> 4))};
}

static inline Factors q3_k(const uint8_t *restrict block, int group, int8_t *restrict out) {
    const uint8_t *mask = block, *q = block + 32, *scales = block + 96;
    const uint8_t *bytes = q + group / 8 * 32 + group % 2 * 16;
    const uint8_t *bits = mask + group % 2 * 16;
    const int shift = group / 2 % 4 * 2, bit = group / 2;
    // The offset applies where the bit is clear.
    for (int i = 0; i < 16; i++) out[i] = (int8_t)((bytes[i] >> shift & 3) - ((bits[i] >> bit & 1) ? 0 : 4));
    const int low = scales[group % 8] >> (group / 8 * 4) & 0xF;
    const int high = scales[8 + group % 4] >> (group / 4 * 2) & 3;
    return (Factors){half(block + 108) * (float)((low | high << 4) - 32), 0};
}

/// Scale and minimum of one of eight groups, 6 bits each in 12 bytes, times the block's.
static inline Factors six_bit_factors(const uint8_t *restrict block, int group) {
    const uint8_t *bytes = block + 4;
    int scale, minimum;
    if (group < 4) {
        scale = bytes[group] & 0x3F;
        minimum = bytes[group + 4] & 0x3F;
    } else {
        scale = (bytes[group + 4] & 0xF) | (bytes[group - 4] >> 6) << 4;
        minimum = (bytes[group + 4] >> 4) | (bytes[group] >> 6) << 4;
    }
    return (Factors){half(block) * (float)scale, -(half(block + 2) * (float)minimum)};
}

static inline Factors q4_k(const uint8_t *restrict block, int group, int8_t *restrict out) {
    const uint8_t *bytes = block + 16 + group / 2 * 32;
    const int shift = group % 2 * 4;
    for (int i = 0; i < 32; i++) out[i] = bytes[i] >> shift & 0xF;
    return six_bit_factors(block, group);
}

static inline Factors q5_k(const uint8_t *restrict block, int group, int8_t *restrict out) {
    const uint8_t *high = block + 16, *bytes = block + 48 + group / 2 * 32;
    const int shift = group % 2 * 4;
    for (int i = 0; i < 32; i++) {
        out[i] = (int8_t)((bytes[i] >> shift & 0xF) | (high[i] >> group & 1) << 4);
    }
    return six_bit_factors(block, group);
}

static inline Factors q6_k(const uint8_t *restrict block, int group, int8_t *restrict out) {
    const uint8_t *low = block, *high = block + 128;
    const int8_t *scales = (const int8_t *)block + 192;
    // Eight groups share 64 low bytes, four at each nibble, and 32 high ones, two at each pair of bits.
    const int part = group / 8, place = group % 4 * 16;
    const int shift = group / 4 % 2 * 4, pair = group / 2 % 4 * 2;
    const uint8_t *bytes = low + part * 64 + place, *bits = high + part * 32 + group % 2 * 16;
    for (int i = 0; i < 16; i++) {
        out[i] = (int8_t)(((bytes[i] >> shift & 0xF) | (bits[i] >> pair & 3) << 4) - 32);
    }
    return (Factors){half(block + 208) * (float)scales[group], 0};
}

/// The two public functions of a type: its blocks' size, groups, and their elements.
#define CC_QUANTS(type, bytes, groups, elements, has_minima)                                       \
    CC_CLONES void cc_dequantize_##type(const void *blocks, size_t count, float *out) {            \
        const uint8_t *block = blocks;                                                             \
        for (size_t i = 0; i < count; i++, block += bytes) {                                       \
            for (int group = 0; group < groups; group++, out += elements) {                        \
                int8_t q[elements];                                                                \
                const Factors factors = type(block, group, q);                                     \
                for (int j = 0; j < elements; j++) {                                               \
                    const float product = (float)q[j] * factors.scale;                             \
                    out[j] = has_minima ? product + factors.minimum : product;                     \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    CC_CLONES void cc_unpack_##type(const void *blocks, size_t count, int8_t *integers,            \
                                    float *scales, float *minima) {                                \
        const uint8_t *block = blocks;                                                             \
        for (size_t i = 0; i < count; i++, block += bytes) {                                       \
            for (int group = 0; group < groups; group++, integers += elements) {                   \
                const Factors factors = type(block, group, integers);                              \
                *scales++ = factors.scale;                                                         \
                if (has_minima) *minima++ = factors.minimum;                                       \
            }                                                                                      \
        }                                                                                          \
    }

CC_QUANTS(q4_0, 18, 1, 32, false)
CC_QUANTS(q4_1, 20, 1, 32, true)
CC_QUANTS(q5_0, 22, 1, 32, false)
CC_QUANTS(q5_1, 24, 1, 32, true)
CC_QUANTS(q8_0, 34, 1, 32, false)
CC_QUANTS(q2_k, 84, 16, 16, true)
CC_QUANTS(q3_k, 110, 16, 16, false)
CC_QUANTS(q4_k, 144, 8, 32, true)
CC_QUANTS(q5_k, 176, 8, 32, true)
CC_QUANTS(q6_k, 210, 16, 16, false)
