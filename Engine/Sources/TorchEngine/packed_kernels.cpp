// The loops over packed matrices, compiled for several CPU generations and chosen at load time.
#include <algorithm>
#include <cstring>

#include "clones.h"
#include "packed.h"

// No call passes a vector: all functions that take one are inlined.
#pragma clang diagnostic ignored "-Wpsabi"

// A vector type means the same on every processor: the compiler makes one, two or four registers of it.
namespace {

using Floats = float __attribute__((vector_size(64)));
using Words = uint32_t __attribute__((vector_size(64)));
using HalfWords = uint16_t __attribute__((vector_size(32)));
using Bytes = int8_t __attribute__((vector_size(16)));

#define INLINE __attribute__((always_inline)) inline
#define INLINE_LAMBDA __attribute__((always_inline))

template <typename Vector>
INLINE Vector load(const uint8_t *bytes) {
    Vector vector;
    memcpy(&vector, bytes, sizeof vector);
    return vector;
}

/// The binary16 in the lower halves of words, all finite, as float32.
///
/// Exponent and fraction, shifted to their places, are a number 2^112 too small; the product is exact.
INLINE Floats from_half(Words bits) {
    const Floats magnitude = (Floats)((bits & 0x7FFF) << 13) * 0x1p112f;
    return (Floats)((Words)magnitude | (bits & 0x8000) << 16);
}

/// The next kCount columns of half a panel, without scales; of unsigned integers `offset` is subtracted.
template <CTPacking packing>
struct Columns;

template <>
struct Columns<CTPackingFloat32> {
    static constexpr int kCount = 2, kBytes = 128;
    static INLINE void read(const uint8_t *bytes, float, Floats *w) {
        w[0] = load<Floats>(bytes);
        w[1] = load<Floats>(bytes + 64);
    }
};

// 16-bit floats are in pairs of columns, the first in the lower half of a word.
template <>
struct Columns<CTPackingBFloat16> {
    static constexpr int kCount = 2, kBytes = 64;
    static INLINE void read(const uint8_t *bytes, float, Floats *w) {
        const Words pairs = load<Words>(bytes);
        w[0] = (Floats)(pairs << 16);
        w[1] = (Floats)(pairs & 0xFFFF0000);
    }
};

template <>
struct Columns<CTPackingFloat16> {
    static constexpr int kCount = 2, kBytes = 64;
    static INLINE void read(const uint8_t *bytes, float, Floats *w) {
        const Words pairs = load<Words>(bytes);
        w[0] = from_half(pairs & 0xFFFF);
        w[1] = from_half(pairs >> 16);
    }
};

template <>
struct Columns<CTPackingInt8> {
    static constexpr int kCount = 2, kBytes = 32;
    static INLINE void read(const uint8_t *bytes, float, Floats *w) {
        w[0] = __builtin_convertvector(load<Bytes>(bytes), Floats);
        w[1] = __builtin_convertvector(load<Bytes>(bytes + 16), Floats);
    }
};

/// The 4 bits from `shift` on of words, minus `offset`, where shift is at most 16: in the lower bits of
/// the fraction of 2^(23 - shift) they count as integers, which takes no conversion.
template <int shift>
INLINE Floats nibbles(Words words, float offset) {
    constexpr uint32_t exponent = (127 + 23 - shift) << 23;
    return (Floats)((words & 15u << shift) | exponent) - (static_cast<float>(1 << (23 - shift)) + offset);
}

// 4-bit integers are eight columns to a word, from the lowest bits up.
template <>
struct Columns<CTPackingInt4> {
    static constexpr int kCount = 8, kBytes = 64;
    static INLINE void read(const uint8_t *bytes, float offset, Floats *w) {
        const Words low = load<Words>(bytes), high = low >> 16;
        w[0] = nibbles<0>(low, offset);
        w[1] = nibbles<4>(low, offset);
        w[2] = nibbles<8>(low, offset);
        w[3] = nibbles<12>(low, offset);
        w[4] = nibbles<0>(high, offset);
        w[5] = nibbles<4>(high, offset);
        w[6] = nibbles<8>(high, offset);
        w[7] = nibbles<12>(high, offset);
    }
};

/// The scales or minima of a group.
INLINE Floats factors(const ct::PackedLayout &layout, const uint8_t *bytes) {
    if (!layout.has_half_scales) return load<Floats>(bytes);
    return from_half(__builtin_convertvector(load<HalfWords>(bytes), Words));
}

constexpr bool is_scaled(CTPacking packing) { return packing == CTPackingInt8 || packing == CTPackingInt4; }

/// integer × scale or integer × scale + minimum, each step rounded, as in GGML's formats.
template <CTPacking packing, bool has_minima>
INLINE Floats scaled(Floats w, Floats scale, Floats minimum) {
#pragma clang fp contract(off)
    if constexpr (!is_scaled(packing)) return w;
    if constexpr (has_minima) return w * scale + minimum;
    return w * scale;
}

constexpr int kLanes = 16, kHalves = ct::kernels::kPanelRows / kLanes;

/// Reads a panel and calls `body(half, k, j, elements)` for each half and column k + j, where k is even.
template <CTPacking packing, bool has_minima, typename Body>
INLINE void for_each_column(const ct::PackedLayout &layout, const uint8_t *from, Body body) {
    using Group = Columns<packing>;
    const int64_t columns = layout.columns, group = layout.group;
    const int64_t factor_bytes = is_scaled(packing) ? layout.scale_bytes() : 0;
    for (int64_t start = 0; start < columns; start += group) {
        Floats scales[kHalves] = {}, minima[kHalves] = {};
        for (int h = 0; is_scaled(packing) && h < kHalves; h++) {
            scales[h] = factors(layout, from + h * factor_bytes / kHalves);
            if (has_minima) minima[h] = factors(layout, from + factor_bytes + h * factor_bytes / kHalves);
        }
        from += has_minima ? 2 * factor_bytes : factor_bytes;
        for (int64_t k = start; k < start + group; k += Group::kCount) {
            for (int h = 0; h < kHalves; h++, from += Group::kBytes) {
                Floats elements[Group::kCount];
                Group::read(from, has_minima ? 0.0f : 8.0f, elements);
                for (int j = 0; j < Group::kCount; j++) {
                    body(h, k, j, scaled<packing, has_minima>(elements[j], scales[h], minima[h]));
                }
            }
        }
    }
}

/// y [rows, 32] = x [rows, columns] · Wᵀ. Even and odd columns have a sum each.
template <CTPacking packing, bool has_minima, int rows>
INLINE void product(const ct::PackedLayout &layout, const uint8_t *panel, const float *x, float *y, int64_t pitch) {
    const int64_t columns = layout.columns;
    Floats sums[kHalves][rows][2] = {};
    for_each_column<packing, has_minima>(layout, panel, [&](int h, int64_t k, int j, Floats w) INLINE_LAMBDA {
#pragma clang fp contract(fast)
        for (int r = 0; r < rows; r++) sums[h][r][j & 1] += w * x[r * columns + k + j];
    });
    for (int r = 0; r < rows; r++) {
        for (int h = 0; h < kHalves; h++) {
            const Floats sum = sums[h][r][0] + sums[h][r][1];
            memcpy(y + r * pitch + h * kLanes, &sum, sizeof sum);
        }
    }
}

/// As many rows at once as there are registers for their sums.
template <CTPacking packing, bool has_minima>
INLINE void products(const ct::PackedLayout &layout, const uint8_t *panel, int64_t panel_count, const float *x, int64_t count, float *y, int64_t pitch) {
    const int64_t columns = layout.columns, bytes = layout.panel_bytes();
    for (int64_t p = 0; p < panel_count; p++, panel += bytes, y += ct::kernels::kPanelRows) {
        int64_t r = 0;
        for (; r + 4 <= count; r += 4) product<packing, has_minima, 4>(layout, panel, x + r * columns, y + r * pitch, pitch);
        for (; r + 2 <= count; r += 2) product<packing, has_minima, 2>(layout, panel, x + r * columns, y + r * pitch, pitch);
        for (; r < count; r++) product<packing, has_minima, 1>(layout, panel, x + r * columns, y + r * pitch, pitch);
    }
}

template <CTPacking packing, bool has_minima>
INLINE void expand(const ct::PackedLayout &layout, const uint8_t *panel, float *expanded) {
    for_each_column<packing, has_minima>(layout, panel, [&](int h, int64_t k, int j, Floats w) INLINE_LAMBDA {
        memcpy(expanded + ct::kernels::place_in_panel(h * kLanes, k + j), &w, sizeof w);
    });
}

}  // namespace

namespace ct {

int64_t PackedLayout::scale_bytes() const {
    return has_scales() ? kernels::kPanelRows * (has_half_scales ? 2 : 4) : 0;
}

int64_t PackedLayout::group_bytes() const {
    const int64_t bits = packing == CTPackingFloat32 ? 32 : packing == CTPackingInt8 ? 8 : packing == CTPackingInt4 ? 4 : 16;
    return scale_bytes() * (has_minima ? 2 : 1) + group * kernels::kPanelRows * bits / 8;
}

namespace kernels {

#define CT_FOR_EACH_PACKING(function, ...)                                                              \
    switch (layout.packing) {                                                                           \
    case CTPackingFloat32: return function<CTPackingFloat32, false>(__VA_ARGS__);                       \
    case CTPackingBFloat16: return function<CTPackingBFloat16, false>(__VA_ARGS__);                     \
    case CTPackingFloat16: return function<CTPackingFloat16, false>(__VA_ARGS__);                       \
    case CTPackingInt8:                                                                                 \
        if (layout.has_minima) return function<CTPackingInt8, true>(__VA_ARGS__);                       \
        return function<CTPackingInt8, false>(__VA_ARGS__);                                             \
    case CTPackingInt4:                                                                                 \
        if (layout.has_minima) return function<CTPackingInt4, true>(__VA_ARGS__);                       \
        return function<CTPackingInt4, false>(__VA_ARGS__);                                             \
    }

CT_CLONES void packed_product(const PackedLayout &layout, const uint8_t *panels, int64_t panel_count, const float *x, int64_t count, float *y, int64_t pitch) {
    CT_FOR_EACH_PACKING(products, layout, panels, panel_count, x, count, y, pitch)
}

CT_CLONES void expand_panel(const PackedLayout &layout, const uint8_t *panel, float *expanded) {
    CT_FOR_EACH_PACKING(expand, layout, panel, expanded)
}

}  // namespace kernels
}  // namespace ct
