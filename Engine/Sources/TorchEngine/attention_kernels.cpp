// Attention on float32 memory, compiled for several CPU generations and chosen at load time.
#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "clones.h"
#include "kernels.h"
#include "vectors.h"

// Each sum has one order, however many queries are computed at a time: a query's result is the same to the
// last bit in a prompt and by itself.
#pragma clang fp contract(fast)

namespace {

using namespace ct::kernels;
using Integers = int32_t __attribute__((vector_size(64)));

/// exp(x) within 2 units in the last place for x in [-87, 0]: 2^n times a polynomial (Cephes); smaller x
/// count as -87, and NaN stays NaN.
INLINE Floats exponential(Floats x) {
    x = x < -87.0f ? Floats{} - 87.0f : x;
    // Rounds to the nearest integer.
    constexpr float magic = 0x1.8p23f;
    const Floats n = (x * 1.44269504088896341f + magic) - magic;
    const Floats r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    Floats p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    return p * (Floats)((__builtin_convertvector(n, Integers) + 127) << 23);
}

/// The first `count` numbers, and zeros.
INLINE Floats load_some(const float *from, int64_t count) {
    Floats vector{};
    memcpy(&vector, from, static_cast<size_t>(count) * sizeof(float));
    return vector;
}

INLINE void store(float *to, Floats vector) { memcpy(to, &vector, sizeof vector); }

INLINE float sum(Floats v) {
    v += __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    v += __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    v += __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    v += __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    return v[0];
}

/// The scores of `queries` queries and one key.
template <int queries>
INLINE void score(const AttentionInput &in, const float *key, float *products) {
    Floats sums[queries] = {};
    int64_t i = 0;
    for (; i + kLanes <= in.width; i += kLanes) {
        const Floats k = load<Floats>(key + i);
        for (int q = 0; q < queries; q++) sums[q] += load<Floats>(in.queries[q] + i) * k;
    }
    if (i < in.width) {
        const Floats k = load_some(key + i, in.width - i);
        for (int q = 0; q < queries; q++) sums[q] += load_some(in.queries[q] + i, in.width - i) * k;
    }
    for (int q = 0; q < queries; q++) products[q] = sum(sums[q]);
}

/// Adds up `lanes` columns of the values, each by its weight.
template <int queries>
INLINE void mix(const AttentionInput &in, int64_t column, int64_t lanes, const float *weights, int64_t pitch, const float *totals) {
    Floats sums[queries] = {};
    const float *value = in.values + column;
    for (int64_t s = 0; s < in.positions; s++, value += in.value_stride) {
        const Floats v = lanes == kLanes ? load<Floats>(value) : load_some(value, lanes);
        for (int q = 0; q < queries; q++) sums[q] += weights[q * pitch + s] * v;
    }
    for (int q = 0; q < queries; q++) {
        const Floats y = sums[q] / totals[q];
        memcpy(in.outputs[q] + column, &y, static_cast<size_t>(lanes) * sizeof(float));
    }
}

template <int queries>
INLINE void attend_together(const AttentionInput &in, float *scores) {
    constexpr float none = -std::numeric_limits<float>::infinity();
    const int64_t pitch = attention_pitch(in.positions);
    // 1. The scores, minus infinity where a query does not attend.
    for (int q = 0; q < queries; q++) std::fill(scores + q * pitch + in.positions, scores + (q + 1) * pitch, none);
    for (int64_t s = 0; s < in.positions; s++) {
        float products[queries];
        score<queries>(in, in.keys + s * in.key_stride, products);
        for (int q = 0; q < queries; q++) {
            const bool attends = s < in.ends[q] && (in.masks[q] == nullptr || in.masks[q][s]);
            scores[q * pitch + s] = attends ? products[q] * in.scale : none;
        }
    }
    // 2. Their exponentials.
    float totals[queries];
    for (int q = 0; q < queries; q++) {
        float *row = scores + q * pitch;
        float highest = none;
        for (int64_t s = 0; s < in.positions; s++) highest = row[s] > highest ? row[s] : highest;
        Floats total{};
        for (int64_t s = 0; s < pitch; s += kLanes) {
            const Floats score = load<Floats>(row + s);
            const Floats weight = score == none ? Floats{} : exponential(score - highest);
            store(row + s, weight);
            total += weight;
        }
        totals[q] = sum(total);
    }
    // 3. The means of the values.
    for (int64_t column = 0; column < in.width; column += kLanes) {
        mix<queries>(in, column, std::min<int64_t>(kLanes, in.width - column), scores, pitch, totals);
    }
}

}  // namespace

namespace ct::kernels {

CT_CLONES void attend(const AttentionInput &in, float *scores) {
    if (in.count == kAttentionQueries) return attend_together<kAttentionQueries>(in, scores);
    AttentionInput one = in;
    for (int64_t q = 0; q < in.count; q++) {
        one.queries[0] = in.queries[q];
        one.outputs[0] = in.outputs[q];
        one.masks[0] = in.masks[q];
        one.ends[0] = in.ends[q];
        one.positions = in.ends[q];
        attend_together<1>(one, scores);
    }
}

}  // namespace ct::kernels
