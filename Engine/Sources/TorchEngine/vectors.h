// Vectors of one size on every processor: the compiler makes one, two or four registers of each.
#pragma once
#include <cstdint>
#include <cstring>

// No call passes a vector: all functions that take one are inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE __attribute__((always_inline)) inline
#define INLINE_LAMBDA __attribute__((always_inline))
// Before a loop of a constant length over registers.
#define UNROLL _Pragma("clang loop unroll(full)")

namespace ct::kernels {

/// How many numbers a vector has.
constexpr int kLanes = 16;
using Floats = float __attribute__((vector_size(64)));

template <typename Vector, typename Element>
INLINE Vector load(const Element *from) {
    Vector vector;
    memcpy(&vector, from, sizeof vector);
    return vector;
}

INLINE float sum(Floats v) {
    v += __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    v += __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    v += __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    v += __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    return v[0];
}

}  // namespace ct::kernels
