#include "conversions.h"

#include <string.h>

#include "clones.h"

#pragma clang fp contract(off)

/// A bfloat16 at any alignment.
typedef struct __attribute__((packed)) {
    uint16_t bits;
} Half;

static inline float widened(Half half) {
    const uint32_t bits = (uint32_t)half.bits << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

CC_CLONES void cc_add_bfloat16(const void *restrict source, size_t count, float scale, bool is_first, float *restrict sums) {
    const Half *halves = source;
    if (is_first) {
        for (size_t i = 0; i < count; i++) sums[i] = scale * widened(halves[i]);
    } else {
        for (size_t i = 0; i < count; i++) sums[i] += scale * widened(halves[i]);
    }
}

/// A float32 at any alignment.
typedef struct __attribute__((packed)) {
    uint32_t bits;
} Single;

CC_CLONES bool cc_are_finite_float32(const void *restrict source, size_t count) {
    const Single *singles = source;
    uint32_t found = 0;
    for (size_t i = 0; i < count; i++) found |= (singles[i].bits & 0x7F800000) == 0x7F800000;
    return found == 0;
}

CC_CLONES bool cc_are_finite_16(const void *restrict source, size_t count, uint16_t exponent) {
    const Half *halves = source;
    uint16_t found = 0;
    for (size_t i = 0; i < count; i++) found |= (halves[i].bits & exponent) == exponent;
    return found == 0;
}

CC_CLONES void cc_write_bfloat16(const float *restrict source, size_t count, void *restrict target) {
    Half *halves = target;
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &source[i], sizeof bits);
        // Rounding could turn NaN into infinity: keep its upper half, made quiet.
        const uint32_t rounded = bits + 0x7FFF + (bits >> 16 & 1);
        const uint32_t quiet = bits | 0x400000;
        halves[i].bits = (uint16_t)(((bits & 0x7FFFFFFF) > 0x7F800000 ? quiet : rounded) >> 16);
    }
}
