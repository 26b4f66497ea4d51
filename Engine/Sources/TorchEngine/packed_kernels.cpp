// The loops over packed matrices, compiled for several CPU generations and chosen at load time.
#include <algorithm>
#include <cstring>

#include "clones.h"
#include "packed.h"
#include "vectors.h"

namespace {

using ct::kernels::Floats;
using ct::kernels::kLanes;
using ct::kernels::load;
using Words = uint32_t __attribute__((vector_size(64)));
using HalfWords = uint16_t __attribute__((vector_size(32)));
using Bytes = int8_t __attribute__((vector_size(16)));

/// The binary16 in the lower halves of words, all finite, as float32.
///
/// Exponent and fraction, shifted to their places, are a number 2^112 too small; the product is exact.
INLINE Floats from_half(Words bits) {
    const Floats magnitude = (Floats)((bits & 0x7FFF) << 13) * 0x1p112f;
    return (Floats)((Words)magnitude | (bits & 0x8000) << 16);
}

/// The next kCount columns of half a panel, without scales: as they are stored, and column j of them. Of
/// unsigned integers `offset` is subtracted.
template <CTPacking packing>
struct Columns;

template <>
struct Columns<CTPackingFloat32> {
    static constexpr int kCount = 2, kBytes = 128;
    Floats first, second;

    INLINE explicit Columns(const uint8_t *bytes) : first(load<Floats>(bytes)), second(load<Floats>(bytes + 64)) {}
    INLINE Floats operator()(int j, float) const { return j == 0 ? first : second; }
};

// 16-bit floats are in pairs of columns, the first in the lower half of a word.
template <>
struct Columns<CTPackingBFloat16> {
    static constexpr int kCount = 2, kBytes = 64;
    Words pairs;

    INLINE explicit Columns(const uint8_t *bytes) : pairs(load<Words>(bytes)) {}
    INLINE Floats operator()(int j, float) const { return (Floats)(j == 0 ? pairs << 16 : pairs & 0xFFFF0000); }
};

template <>
struct Columns<CTPackingFloat16> {
    static constexpr int kCount = 2, kBytes = 64;
    Words pairs;

    INLINE explicit Columns(const uint8_t *bytes) : pairs(load<Words>(bytes)) {}
    INLINE Floats operator()(int j, float) const { return from_half(j == 0 ? pairs & 0xFFFF : pairs >> 16); }
};

template <>
struct Columns<CTPackingInt8> {
    static constexpr int kCount = 2, kBytes = 32;
    Bytes first, second;

    INLINE explicit Columns(const uint8_t *bytes) : first(load<Bytes>(bytes)), second(load<Bytes>(bytes + 16)) {}
    INLINE Floats operator()(int j, float) const { return __builtin_convertvector(j == 0 ? first : second, Floats); }
};

// 4-bit integers are eight columns to a word, from the lowest bits up.
template <>
struct Columns<CTPackingInt4> {
    static constexpr int kCount = 8, kBytes = 64;
    Words low, high;

    INLINE explicit Columns(const uint8_t *bytes) : low(load<Words>(bytes)), high(low >> 16) {}

    /// In the lower bits of a float's fraction the bits of a column count as an integer, which takes no
    /// conversion: `shift` bits from the end their unit is that of 2^(23 - shift).
    INLINE Floats operator()(int j, float offset) const {
        const int shift = j % 4 * 4;
        const uint32_t exponent = static_cast<uint32_t>(127 + 23 - shift) << 23;
        const Words &words = j < 4 ? low : high;
        return (Floats)((words & 15u << shift) | exponent) - (static_cast<float>(1 << (23 - shift)) + offset);
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

constexpr int kHalves = ct::kernels::kPanelRows / kLanes;

/// Reads a panel, and calls `body(half, column, elements)` for each half and column.
template <CTPacking packing, bool has_minima, typename Body>
INLINE void for_each_column(const ct::PackedLayout &layout, const uint8_t *from, Body body) {
    using Group = Columns<packing>;
    const int64_t columns = layout.columns, group = layout.group;
    const int64_t factor_bytes = is_scaled(packing) ? layout.scale_bytes() : 0;
    for (int64_t start = 0; start < columns; start += group) {
        Floats scales[kHalves] = {}, minima[kHalves] = {};
        for (int h = 0; is_scaled(packing) && h < kHalves; h++) {
            const uint8_t *factor = from + h * factor_bytes / kHalves;
            scales[h] = factors(layout, factor);
            if (has_minima) minima[h] = factors(layout, factor + factor_bytes);
        }
        from += has_minima ? 2 * factor_bytes : factor_bytes;
        for (int64_t k = start; k < start + group; k += Group::kCount, from += kHalves * Group::kBytes) {
            for (int j = 0; j < Group::kCount; j++) {
                for (int h = 0; h < kHalves; h++) {
                    const Group stored(from + h * Group::kBytes);
                    body(h, k + j, scaled<packing, has_minima>(stored(j, has_minima ? 0.0f : 8.0f), scales[h], minima[h]));
                }
            }
        }
    }
}

/// y [rows, 32] = x [rows, columns] · Wᵀ, the columns one after the other.
template <CTPacking packing, bool has_minima, int rows>
INLINE void product(const ct::PackedLayout &layout, const uint8_t *from, const float *x, float *y, int64_t pitch) {
    const int64_t columns = layout.columns;
    Floats sums[kHalves][rows] = {};
    for_each_column<packing, has_minima>(layout, from, [&](int h, int64_t k, Floats w) INLINE_LAMBDA {
#pragma clang fp contract(fast)
        for (int r = 0; r < rows; r++) sums[h][r] += w * x[r * columns + k];
    });
    for (int r = 0; r < rows; r++) {
        for (int h = 0; h < kHalves; h++) memcpy(y + r * pitch + h * kLanes, &sums[h][r], sizeof(Floats));
    }
}

/// As many rows at once as there are registers for their sums.
template <CTPacking packing, bool has_minima>
INLINE void products(const ct::PackedLayout &layout, const uint8_t *panel, int64_t panel_count, const float *x, int64_t count, float *y, int64_t pitch) {
    constexpr int64_t width = ct::kernels::kPanelRows;
    const int64_t columns = layout.columns, bytes = layout.panel_bytes();
    for (int64_t p = 0; p < panel_count; p++) {
        const uint8_t *from = panel + p * bytes;
        const float *rows = x;
        float *to = y + p * width;
        int64_t left = count;
        for (; left >= 8; left -= 8, rows += 8 * columns, to += 8 * pitch) product<packing, has_minima, 8>(layout, from, rows, to, pitch);
        if (left >= 4) {
            product<packing, has_minima, 4>(layout, from, rows, to, pitch);
            left -= 4, rows += 4 * columns, to += 4 * pitch;
        }
        if (left >= 2) {
            product<packing, has_minima, 2>(layout, from, rows, to, pitch);
            left -= 2, rows += 2 * columns, to += 2 * pitch;
        }
        if (left == 1) product<packing, has_minima, 1>(layout, from, rows, to, pitch);
    }
}

template <CTPacking packing, bool has_minima>
INLINE void expand(const ct::PackedLayout &layout, const uint8_t *panel, float *expanded) {
    for_each_column<packing, has_minima>(layout, panel, [&](int h, int64_t k, Floats w) INLINE_LAMBDA {
        memcpy(expanded + ct::kernels::place_in_panel(h * kLanes, k), &w, sizeof w);
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
