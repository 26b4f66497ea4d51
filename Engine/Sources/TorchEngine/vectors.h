// Vectors of one size on every processor: the compiler makes one, two or four registers of each.
#pragma once
#include <cstdint>
#include <cstring>

// No call passes a vector: all functions that take one are inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE __attribute__((always_inline)) inline
#define INLINE_LAMBDA __attribute__((always_inline))

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

}  // namespace ct::kernels
