// The loops over packed matrices, compiled for several CPU generations and chosen when they run.
#include <cstring>
#include <type_traits>
#include <vector>

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

constexpr int kHalves = ct::kernels::kPanelRows / kLanes;

/// How many vectors of sums a processor's registers hold, and for how many rows at most.
struct Registers {
    int sums, rows;
};
constexpr Registers kManyRegisters{16, 8}, kFewRegisters{6, 4};

/// Columns are added up in turn into so many sums, that one addition need not wait for the one before.
constexpr int kSums = 2;

/// integer × scale or integer × scale + minimum, each step rounded, as in GGML's formats.
template <CTPacking packing, bool has_minima>
INLINE Floats scaled(Floats w, Floats scale, Floats minimum) {
#pragma clang fp contract(off)
    if constexpr (!is_scaled(packing)) return w;
    if constexpr (has_minima) return w * scale + minimum;
    return w * scale;
}

/// Reads `halves` of a panel from `half` on, and calls `body(half, column, sum, elements)` for each half and
/// column, of those columns that belong to the sums from `first` on, `together` of them.
template <CTPacking packing, bool has_minima, int halves, int together, typename Body>
INLINE void for_each_column(const ct::PackedLayout &layout, const uint8_t *from, int half, int first, Body body) {
    using Group = Columns<packing>;
    const int64_t columns = layout.columns, group = layout.group;
    const int64_t factor_bytes = is_scaled(packing) ? layout.scale_bytes() : 0;
    for (int64_t start = 0; start < columns; start += group) {
        Floats scales[halves] = {}, minima[halves] = {};
        UNROLL for (int h = 0; h < halves; h++) {
            const uint8_t *factor = from + (half + h) * factor_bytes / kHalves;
            if (is_scaled(packing)) scales[h] = factors(layout, factor);
            if (has_minima) minima[h] = factors(layout, factor + factor_bytes);
        }
        from += has_minima ? 2 * factor_bytes : factor_bytes;
        for (int64_t k = start; k < start + group; k += Group::kCount, from += kHalves * Group::kBytes) {
            UNROLL for (int c = 0; c < Group::kCount; c += kSums) {
                UNROLL for (int s = 0; s < together; s++) {
                    UNROLL for (int h = 0; h < halves; h++) {
                        const Group stored(from + (half + h) * Group::kBytes);
                        const Floats w = stored(c + first + s, has_minima ? 0.0f : 8.0f);
                        body(h, k + c + first + s, s, scaled<packing, has_minima>(w, scales[h], minima[h]));
                    }
                }
            }
        }
    }
}

/// y [rows, 32] = x [rows, columns] · Wᵀ of a panel: the even columns one after the other, the odd ones, and
/// the sum of both.
template <CTPacking packing, bool has_minima, int rows, Registers registers>
INLINE void product(const ct::PackedLayout &layout, const uint8_t *from, const float *x, float *y, int64_t pitch) {
    // As many of the sums at a time as there are registers for; making floats of integers takes some, too.
    constexpr bool is_whole = is_scaled(packing) ? rows * kHalves * kSums <= registers.sums * 3 / 4 : rows * kHalves <= registers.sums;
    constexpr int halves = is_whole ? kHalves : 1;
    constexpr int together = rows * halves * kSums <= registers.sums ? kSums : 1;
    for (int half = 0; half < kHalves; half += halves) {
        Floats totals[halves][rows] = {};
        UNROLL for (int first = 0; first < kSums; first += together) {
            Floats sums[together][halves][rows] = {};
            for_each_column<packing, has_minima, halves, together>(layout, from, half, first, [&](int h, int64_t k, int s, Floats w) INLINE_LAMBDA {
#pragma clang fp contract(fast)
                UNROLL for (int r = 0; r < rows; r++) sums[s][h][r] += w * x[r * layout.columns + k];
            });
            UNROLL for (int s = 0; s < together; s++) {
                UNROLL for (int h = 0; h < halves; h++) {
                    UNROLL for (int r = 0; r < rows; r++) totals[h][r] += sums[s][h][r];
                }
            }
        }
        UNROLL for (int r = 0; r < rows; r++) {
            UNROLL for (int h = 0; h < halves; h++) memcpy(y + r * pitch + (half + h) * kLanes, &totals[h][r], sizeof(Floats));
        }
    }
}

/// The elements of a panel as a panel of float32.
template <CTPacking packing, bool has_minima>
INLINE void expand(const ct::PackedLayout &layout, const uint8_t *panel, float *expanded) {
    for_each_column<packing, has_minima, kHalves, kSums>(layout, panel, 0, 0, [&](int h, int64_t k, int, Floats w) INLINE_LAMBDA {
        memcpy(expanded + ct::kernels::place_in_panel(h * kLanes, k), &w, sizeof w);
    });
}

/// All rows of x with all panels, as many rows at a time as there are registers for.
template <Registers registers>
struct Product {
    template <CTPacking packing, bool has_minima>
    INLINE static void run(const ct::PackedProduct &in) {
        const ct::PackedLayout &layout = in.layout;
        const ct::PackedLayout plain{CTPackingFloat32, layout.columns, layout.columns, false, false};
        // With many rows, what is stored is made floats once.
        const bool expands = packing != CTPackingFloat32 && in.count > 8 * registers.rows;
        std::vector<float> floats(expands ? layout.columns * ct::kernels::kPanelRows : 0);
        const uint8_t *panel = in.panels;
        float *y = in.y;
        for (int64_t p = 0; p < in.panel_count; p++, panel += layout.panel_bytes(), y += ct::kernels::kPanelRows) {
            if (expands) {
                expand<packing, has_minima>(layout, panel, floats.data());
                rows<CTPackingFloat32, false>(in, plain, reinterpret_cast<const uint8_t *>(floats.data()), y);
            } else {
                rows<packing, has_minima>(in, layout, panel, y);
            }
        }
    }

private:
    template <CTPacking packing, bool has_minima>
    INLINE static void rows(const ct::PackedProduct &in, const ct::PackedLayout &layout, const uint8_t *panel, float *y) {
        int64_t row = 0;
        const auto take = [&]<int count>(std::integral_constant<int, count>) INLINE_LAMBDA {
            for (; row + count <= in.count; row += count) {
                product<packing, has_minima, count, registers>(layout, panel, in.x + row * layout.columns, y + row * in.pitch, in.pitch);
            }
        };
        if constexpr (registers.rows >= 8) take(std::integral_constant<int, 8>());
        take(std::integral_constant<int, 4>());
        take(std::integral_constant<int, 2>());
        take(std::integral_constant<int, 1>());
    }
};

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

#define CT_FOR_EACH_PACKING(function, layout, ...)                                                      \
    switch ((layout).packing) {                                                                         \
    case CTPackingFloat32: return function<CTPackingFloat32, false>(__VA_ARGS__);                       \
    case CTPackingBFloat16: return function<CTPackingBFloat16, false>(__VA_ARGS__);                     \
    case CTPackingFloat16: return function<CTPackingFloat16, false>(__VA_ARGS__);                       \
    case CTPackingInt8:                                                                                 \
        if ((layout).has_minima) return function<CTPackingInt8, true>(__VA_ARGS__);                     \
        return function<CTPackingInt8, false>(__VA_ARGS__);                                             \
    case CTPackingInt4:                                                                                 \
        if ((layout).has_minima) return function<CTPackingInt4, true>(__VA_ARGS__);                     \
        return function<CTPackingInt4, false>(__VA_ARGS__);                                             \
    }

#if defined(__x86_64__)

__attribute__((target("arch=x86-64-v4"))) static void product_by_v4(const PackedProduct &product) {
    CT_FOR_EACH_PACKING(Product<kManyRegisters>::run, product.layout, product)
}

__attribute__((target("arch=x86-64-v3"))) static void product_by_v3(const PackedProduct &product) {
    CT_FOR_EACH_PACKING(Product<kFewRegisters>::run, product.layout, product)
}

#endif

static void product_by_any(const PackedProduct &product) {
    CT_FOR_EACH_PACKING(Product<kFewRegisters>::run, product.layout, product)
}

void packed_product(const PackedProduct &product) {
#if defined(__x86_64__)
    static const auto run = __builtin_cpu_supports("x86-64-v4") ? product_by_v4
                          : __builtin_cpu_supports("x86-64-v3") ? product_by_v3
                                                                : product_by_any;
    run(product);
#else
    product_by_any(product);
#endif
}

CT_CLONES void expand_panel(const PackedLayout &layout, const uint8_t *panel, float *expanded) {
    CT_FOR_EACH_PACKING(expand, layout, layout, panel, expanded)
}

}  // namespace kernels
}  // namespace ct
