// Attention on float32 memory, compiled for several CPU generations and chosen at load time.
#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

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

/// The partial products of a query and one key, whose sum is their product.
INLINE Floats partial_products(const float *query, const float *key, int64_t width) {
    Floats sums{};
    int64_t i = 0;
    for (; i + kLanes <= width; i += kLanes) sums += load<Floats>(query + i) * load<Floats>(key + i);
    if (i < width) sums += load_some(query + i, width - i) * load_some(key + i, width - i);
    return sums;
}

/// The two halves of each part of `width` lanes of a, and then of b, added up.
template <int width, int... lane>
INLINE Floats added_halves(Floats a, Floats b, std::integer_sequence<int, lane...>) {
    constexpr int half = width / 2;
    return __builtin_shufflevector(a, b, (lane / half * width + lane % half)...) + __builtin_shufflevector(a, b, (lane / half * width + half + lane % half)...);
}

/// The products of a query and keys from `first` on, each in 16 / keys lanes that are to be added up. Behind
/// the last key it is the last one again.
template <int keys>
INLINE Floats products(const AttentionInput &in, const float *query, int64_t first, int64_t width) {
    if constexpr (keys == 1) {
        return partial_products(query, in.keys + std::min(first, in.positions - 1) * width, width);
    } else {
        return added_halves<2 * kLanes / keys>(
            products<keys / 2>(in, query, first, width), products<keys / 2>(in, query, first + keys / 2, width),
            std::make_integer_sequence<int, kLanes>());
    }
}

/// Adds up `vectors` vectors of columns of the values, each by its weight; the last has `lanes` of them.
template <int queries, int vectors>
INLINE void mix(const AttentionInput &in, int64_t column, int64_t lanes, const float *weights, int64_t pitch, const float *totals) {
    Floats sums[vectors][queries] = {};
    const float *value = in.values + column;
    for (int64_t s = 0; s < in.positions; s++, value += in.width) {
        UNROLL for (int i = 0; i < vectors; i++) {
            const Floats v = i + 1 < vectors || lanes == kLanes ? load<Floats>(value + i * kLanes) : load_some(value + i * kLanes, lanes);
            UNROLL for (int q = 0; q < queries; q++) sums[i][q] += weights[q * pitch + s] * v;
        }
    }
    UNROLL for (int i = 0; i < vectors; i++) {
        UNROLL for (int q = 0; q < queries; q++) {
            const Floats y = sums[i][q] / totals[q];
            memcpy(in.outputs[q] + column + i * kLanes, &y, static_cast<size_t>(i + 1 < vectors ? kLanes : lanes) * sizeof(float));
        }
    }
}

template <int queries>
INLINE void attend_together(const AttentionInput &in, int64_t width, float *scores) {
    constexpr float none = -std::numeric_limits<float>::infinity();
    const int64_t pitch = attention_pitch(in.positions);
    // 1. The scores, minus infinity where a query does not attend.
    for (int64_t s = 0; s < pitch; s += kLanes) {
        for (int q = 0; q < queries; q++) store(scores + q * pitch + s, products<kLanes>(in, in.queries[q], s, width) * in.scale);
    }
    float totals[queries];
    for (int q = 0; q < queries; q++) {
        float *row = scores + q * pitch;
        std::fill(row + in.ends[q], row + pitch, none);
        for (int64_t s = 0; in.masks[q] != nullptr && s < in.ends[q]; s++) row[s] = in.masks[q][s] ? row[s] : none;
        // 2. Their exponentials.
        Floats highest = Floats{} + none, total{};
        for (int64_t s = 0; s < pitch; s += kLanes) {
            const Floats score = load<Floats>(row + s);
            highest = score > highest ? score : highest;
        }
        float maximum = none;
        for (int i = 0; i < kLanes; i++) maximum = highest[i] > maximum ? highest[i] : maximum;
        for (int64_t s = 0; s < pitch; s += kLanes) {
            const Floats score = load<Floats>(row + s);
            const Floats weight = score == none ? Floats{} : exponential(score - maximum);
            store(row + s, weight);
            total += weight;
        }
        totals[q] = sum(total);
    }
    // 3. The means of the values.
    int64_t column = 0;
    constexpr int together = queries <= 2 ? 4 : 2;
    for (; column + together * kLanes <= width; column += together * kLanes) mix<queries, together>(in, column, kLanes, scores, pitch, totals);
    for (; column < width; column += kLanes) mix<queries, 1>(in, column, std::min<int64_t>(kLanes, width - column), scores, pitch, totals);
}

template <int queries>
INLINE void attend_by_width(const AttentionInput &in, float *scores) {
    // The compiler unrolls loops over widths that it knows.
    if (in.width == 64) return attend_together<queries>(in, 64, scores);
    if (in.width == 128) return attend_together<queries>(in, 128, scores);
    attend_together<queries>(in, in.width, scores);
}

}  // namespace

namespace ct::kernels {

CT_CLONES void attend(const AttentionInput &in, float *scores) {
    switch (in.count) {
    case 1: return attend_by_width<1>(in, scores);
    case 2: return attend_by_width<2>(in, scores);
    case 3: return attend_by_width<3>(in, scores);
    default: return attend_by_width<kAttentionQueries>(in, scores);
    }
}

}  // namespace ct::kernels
