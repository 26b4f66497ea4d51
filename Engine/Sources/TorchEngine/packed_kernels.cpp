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

/// Columns are added up in turn into so many sums, that one addition need not wait for the one before;
/// floats come no faster from memory anyway.
template <CTPacking packing>
constexpr int kSums = is_scaled(packing) ? 2 : 1;

/// The sum of the elements of each group: what a minimum is multiplied by.
std::vector<float> group_sums(const ct::PackedLayout &layout, const float *x, int64_t count) {
    std::vector<float> sums(count * (layout.columns / layout.group));
    for (float &sum : sums) {
        Floats lanes{};
        int64_t k = 0;
        for (; k + kLanes <= layout.group; k += kLanes) lanes += load<Floats>(x + k);
        sum = ct::kernels::sum(lanes);
        for (; k < layout.group; k++) sum += x[k];
        x += layout.group;
    }
    return sums;
}

/// sum + product × factor, each step rounded, in every loop alike.
INLINE Floats added(Floats sum, Floats product, Floats factor) {
#pragma clang fp contract(off)
    return sum + product * factor;
}

/// A panel, and its elements without scales, as they are stored in it or as float32 (`kStored`).
template <CTPacking packing, bool has_minima, CTPacking kStored>
struct Panel {
    using Group = Columns<kStored>;
    const ct::PackedLayout &layout;
    const uint8_t *bytes;
    const float *floats;

    /// The elements of a group of columns, from the first half on.
    INLINE const uint8_t *elements(int64_t group) const {
        if constexpr (kStored != packing) return reinterpret_cast<const uint8_t *>(floats + group * layout.group * ct::kernels::kPanelRows);
        return factor(group, 0) + (has_minima ? 2 : 1) * layout.scale_bytes();
    }

    /// The scales of a group, and `scale_bytes` behind them the minima.
    INLINE const uint8_t *factor(int64_t group, int half) const {
        return bytes + group * layout.group_bytes() + half * layout.scale_bytes() / kHalves;
    }
};

/// y [rows, 16 halves] = x [rows, columns] · Wᵀ of the halves of a panel from `half` on, group by group, of
/// each the sums `together` at a time; x_sums [rows, groups].
template <CTPacking packing, bool has_minima, int rows, int halves, int together, CTPacking kStored>
INLINE void product_of_halves(const Panel<packing, has_minima, kStored> &panel, int half, const float *x, const float *x_sums, float *y, int64_t pitch) {
#pragma clang fp contract(fast)
    using Group = Columns<kStored>;
    const ct::PackedLayout &layout = panel.layout;
    const int64_t columns = layout.columns, group = layout.group, groups = columns / group, factor_bytes = layout.scale_bytes();
    Floats totals[halves][rows] = {};
    for (int64_t g = 0; g < groups; g++, x += group) {
        const uint8_t *elements = panel.elements(g) + half * Group::kBytes, *factor = panel.factor(g, half);
        Floats products[halves][rows];
        UNROLL for (int first = 0; first < kSums<packing>; first += together) {
            Floats sums[together][halves][rows] = {};
            const uint8_t *at = elements;
            for (int64_t k = 0; k < group; k += Group::kCount, at += kHalves * Group::kBytes) {
                UNROLL for (int c = first; c < Group::kCount; c += kSums<packing>) {
                    UNROLL for (int s = 0; s < together; s++) {
                        UNROLL for (int h = 0; h < halves; h++) {
                            const Floats w = Group(at + h * Group::kBytes)(c + s, has_minima ? 0.0f : 8.0f);
                            UNROLL for (int r = 0; r < rows; r++) sums[s][h][r] += w * x[r * columns + k + c + s];
                        }
                    }
                }
            }
            UNROLL for (int s = 0; s < together; s++) {
                UNROLL for (int h = 0; h < halves; h++) {
                    UNROLL for (int r = 0; r < rows; r++) products[h][r] = first + s == 0 ? sums[s][h][r] : products[h][r] + sums[s][h][r];
                }
            }
        }
        UNROLL for (int h = 0; h < halves; h++, factor += factor_bytes / kHalves) {
            const Floats scale = is_scaled(packing) ? factors(layout, factor) : Floats{} + 1.0f;
            UNROLL for (int r = 0; r < rows; r++) totals[h][r] = added(totals[h][r], products[h][r], scale);
            if (!has_minima) continue;
            const Floats minimum = factors(layout, factor + factor_bytes);
            UNROLL for (int r = 0; r < rows; r++) totals[h][r] = added(totals[h][r], minimum, Floats{} + x_sums[r * groups + g]);
        }
    }
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int h = 0; h < halves; h++) memcpy(y + r * pitch + (half + h) * kLanes, &totals[h][r], sizeof(Floats));
    }
}

/// y [rows, 32] = x [rows, columns] · Wᵀ of a panel.
template <Registers registers, int rows, CTPacking packing, bool has_minima, CTPacking kStored>
INLINE void product(const Panel<packing, has_minima, kStored> &panel, const float *x, const float *x_sums, float *y, int64_t pitch) {
    // Making floats of integers takes registers, too.
    constexpr int available = is_scaled(packing) ? registers.sums - registers.sums / 4 : registers.sums;
    constexpr int halves = rows * kHalves * kSums<packing> <= available ? kHalves : 1;
    constexpr int together = rows * halves * kSums<packing> <= registers.sums ? kSums<packing> : 1;
    for (int half = 0; half < kHalves; half += halves) {
        product_of_halves<packing, has_minima, rows, halves, together>(panel, half, x, x_sums, y, pitch);
    }
}

/// integer × scale or integer × scale + minimum, each step rounded, as in GGML's formats.
template <CTPacking packing, bool has_minima>
INLINE Floats scaled(Floats w, Floats scale, Floats minimum) {
#pragma clang fp contract(off)
    if constexpr (!is_scaled(packing)) return w;
    if constexpr (has_minima) return w * scale + minimum;
    return w * scale;
}

/// Reads a panel, and calls `body(half, column, elements, scales, minima)` for each half and column.
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
                    body(h, k + j, stored(j, has_minima ? 0.0f : 8.0f), scales[h], minima[h]);
                }
            }
        }
    }
}

/// The elements of a panel as float32, without scales.
template <CTPacking packing, bool has_minima>
INLINE void unscaled(const ct::PackedLayout &layout, const uint8_t *panel, float *floats) {
    for_each_column<packing, has_minima>(layout, panel, [&](int h, int64_t k, Floats w, Floats, Floats) INLINE_LAMBDA {
        memcpy(floats + ct::kernels::place_in_panel(h * kLanes, k), &w, sizeof w);
    });
}

/// All rows of x with all panels, as many rows at a time as there are registers for.
template <Registers registers>
struct Product {
    template <CTPacking packing, bool has_minima>
    INLINE static void run(const ct::PackedProduct &in) {
        const ct::PackedLayout &layout = in.layout;
        const std::vector<float> sums = has_minima ? group_sums(layout, in.x, in.count) : std::vector<float>();
        // With many rows, what is stored is made floats once.
        const bool expands = packing != CTPackingFloat32 && in.count > 8 * registers.rows;
        std::vector<float> floats(expands ? layout.columns * ct::kernels::kPanelRows : 0);
        const uint8_t *panel = in.panels;
        float *y = in.y;
        for (int64_t p = 0; p < in.panel_count; p++, panel += layout.panel_bytes(), y += ct::kernels::kPanelRows) {
            if (expands) {
                unscaled<packing, has_minima>(layout, panel, floats.data());
                rows(in, Panel<packing, has_minima, CTPackingFloat32>{layout, panel, floats.data()}, sums.data(), y);
            } else {
                rows(in, Panel<packing, has_minima, packing>{layout, panel, nullptr}, sums.data(), y);
            }
        }
    }

private:
    template <typename Panel>
    INLINE static void rows(const ct::PackedProduct &in, const Panel &panel, const float *sums, float *y) {
        const int64_t columns = in.layout.columns, groups = columns / in.layout.group;
        int64_t row = 0;
        const auto take = [&]<int count>(std::integral_constant<int, count>) INLINE_LAMBDA {
            for (; row + count <= in.count; row += count) {
                product<registers, count>(panel, in.x + row * columns, sums == nullptr ? nullptr : sums + row * groups, y + row * in.pitch, in.pitch);
            }
        };
        if constexpr (registers.rows >= 8) take(std::integral_constant<int, 8>());
        take(std::integral_constant<int, 4>());
        take(std::integral_constant<int, 2>());
        take(std::integral_constant<int, 1>());
    }
};

template <CTPacking packing, bool has_minima>
INLINE void expand(const ct::PackedLayout &layout, const uint8_t *panel, float *expanded) {
    for_each_column<packing, has_minima>(layout, panel, [&](int h, int64_t k, Floats w, Floats scale, Floats minimum) INLINE_LAMBDA {
        const Floats element = scaled<packing, has_minima>(w, scale, minimum);
        memcpy(expanded + ct::kernels::place_in_panel(h * kLanes, k), &element, sizeof element);
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
