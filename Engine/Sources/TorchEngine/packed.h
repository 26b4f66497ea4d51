// Matrices packed for products with few rows: the weights of a model that answers.
//
// The rows are in panels of 32, each row in a lane of one of two vectors, so that a product needs no sum
// across lanes and reads the matrix once, from front to back. A panel has, for each group of columns,
// the scales and minima of its rows, if there are any, and then the elements: a few columns of the
// first vector, the same of the second, and so on.
//
// An element has exactly the value that it has as a float32, however it is stored, and the terms of a
// product are added in one order, the even columns and the odd ones: on one kind of processor, a row of a
// product does not depend on the type, on the other rows that are computed with it, or on the threads.
#pragma once
#include <cstdint>

#include "ctorch.h"

namespace ct {

/// How the elements of a packed matrix are stored.
struct PackedLayout {
    CTPacking packing;
    int64_t columns;
    /// The columns that share a scale; all of them for floats, which have none.
    int64_t group;
    bool has_minima;
    /// Whether scales and minima are float16 instead of float32.
    bool has_half_scales;

    bool has_scales() const { return packing == CTPackingInt8 || packing == CTPackingInt4; }
    /// The bytes of the scales of one group in a panel, and as many again of the minima.
    int64_t scale_bytes() const;
    int64_t group_bytes() const;
    int64_t panel_bytes() const { return columns / group * group_bytes(); }
};

/// y [count, 32 panels] = x [count, columns] · Wᵀ of some panels; the rows of y are `pitch` apart.
struct PackedProduct {
    const PackedLayout &layout;
    const uint8_t *panels;
    int64_t panel_count;
    const float *x;
    int64_t count;
    float *y;
    int64_t pitch;
};

namespace kernels {

constexpr int64_t kPanelRows = 32;

void packed_product(const PackedProduct &product);

/// The elements of a panel as a panel of float32.
void expand_panel(const PackedLayout &layout, const uint8_t *panel, float *expanded);

/// Where a panel of float32 has the element of a row, of panel_rows, and column.
inline int64_t place_in_panel(int64_t row, int64_t column) {
    return column / 2 * (2 * kPanelRows) + row / 16 * 32 + column % 2 * 16 + row % 16;
}

}  // namespace kernels
}  // namespace ct
