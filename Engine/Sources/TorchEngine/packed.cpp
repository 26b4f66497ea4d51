// Packed matrices as tensors, and the operations that take them: linear, embedding, narrow, and reading.
#include "packed.h"

#include <ATen/OpaqueTensorImpl.h>
#include <sys/mman.h>

#include <mutex>

#include "boundary.h"
#include "packed_tensors.h"
#include "parallel.h"

using namespace ct;
using kernels::kPanelRows;

namespace {

// Fewer products are not worth another thread.
constexpr int64_t kProductsPerTask = 1 << 16;

struct Matrix {
    PackedLayout layout;
    at::Tensor bytes;  // uint8, the panels

    const uint8_t *panel(int64_t index) const { return bytes.const_data_ptr<uint8_t>() + index * layout.panel_bytes(); }
};

/// Some rows of a packed matrix, which shares its memory.
struct Rows {
    std::shared_ptr<const Matrix> matrix;
    int64_t first = 0, count = 0;
};

using Tensor = at::OpaqueTensorImpl<Rows>;

const Rows *rows_of(const at::Tensor &tensor) {
    if (tensor.has_storage()) return nullptr;
    const auto *packed = dynamic_cast<const Tensor *>(tensor.unsafeGetTensorImpl());
    return packed == nullptr ? nullptr : &packed->opaque_handle();
}

at::Tensor wrapped(Rows rows) {
    const std::array<int64_t, 2> sizes{rows.count, rows.matrix->layout.columns};
    return at::detail::make_tensor<Tensor>(
        c10::DispatchKeySet(c10::DispatchKey::CPU), caffe2::TypeMeta::Make<float>(), c10::Device(c10::kCPU), std::move(rows), sizes);
}

/// Memory on large pages where the system has them, from `*start` on.
at::Tensor pages(int64_t bytes, int64_t *start) {
    constexpr int64_t page = 1 << 21;
    auto memory = at::empty({bytes + page}, at::kByte);
    *start = static_cast<int64_t>(-reinterpret_cast<uintptr_t>(memory.data_ptr()) % page);
#ifdef MADV_HUGEPAGE
    madvise(memory.mutable_data_ptr<uint8_t>() + *start, static_cast<size_t>(bytes), MADV_HUGEPAGE);
#endif
    return memory;
}

/// Zeros. Small matrices share memory: each token reads all of them, and on large pages fewer pages are to
/// be looked up.
at::Tensor zeros(int64_t bytes) {
    constexpr int64_t arena_bytes = 32 << 20, alignment = 64;
    if (bytes > arena_bytes / 4) {
        int64_t start;
        const auto memory = pages(bytes, &start);
        return memory.narrow(0, start, bytes).zero_();
    }
    // Never destroyed: the allocator may be gone by then.
    static auto &arena = *new at::Tensor;
    static std::mutex lock;
    static int64_t used = 0;
    const std::lock_guard guard(lock);
    if (!arena.defined() || bytes > arena.numel() - used) arena = pages(arena_bytes, &used);
    const auto memory = arena.narrow(0, used, bytes);
    used += (bytes + alignment - 1) / alignment * alignment;
    return memory.zero_();
}

bool is_half(float value) {
    return std::isfinite(value) && static_cast<float>(static_cast<c10::Half>(value)) == value;
}

/// Writes rows of elements, scales and minima in row-major order into panels.
struct Packer {
    const PackedLayout &layout;
    int64_t rows;
    const uint8_t *elements;
    const float *scales, *minima;

    void pack(int64_t panel, uint8_t *to) const {
        const int64_t groups = layout.columns / layout.group;
        for (int64_t g = 0; g < groups; g++, to += layout.group_bytes()) {
            uint8_t *part = to;
            for (const float *factors : {scales, minima}) {
                if (factors == nullptr) continue;
                for (int64_t lane = 0; lane < kPanelRows; lane++) {
                    const int64_t row = panel * kPanelRows + lane;
                    const float factor = row < rows ? factors[row * groups + g] : 0;
                    if (layout.has_half_scales) {
                        reinterpret_cast<c10::Half *>(part)[lane] = factor;
                    } else {
                        reinterpret_cast<float *>(part)[lane] = factor;
                    }
                }
                part += layout.scale_bytes();
            }
            for (int64_t lane = 0; lane < kPanelRows && panel * kPanelRows + lane < rows; lane++) {
                pack_row(elements_at(panel * kPanelRows + lane, g * layout.group), lane, part);
            }
        }
    }

private:
    int64_t element_bytes() const {
        switch (layout.packing) {
        case CTPackingFloat32: return 4;
        case CTPackingBFloat16:
        case CTPackingFloat16: return 2;
        default: return 1;
        }
    }

    const uint8_t *elements_at(int64_t row, int64_t column) const {
        return elements + (row * layout.columns + column) * element_bytes();
    }

    void pack_row(const uint8_t *from, int64_t lane, uint8_t *to) const {
        for (int64_t k = 0; k < layout.group; k++) {
            switch (layout.packing) {
            case CTPackingFloat32: memcpy(to + kernels::place_in_panel(lane, k) * 4, from + k * 4, 4); break;
            case CTPackingBFloat16:
            case CTPackingFloat16: memcpy(to + (k / 2 * kPanelRows + lane) * 4 + k % 2 * 2, from + k * 2, 2); break;
            case CTPackingInt8: to[kernels::place_in_panel(lane, k)] = from[k]; break;
            case CTPackingInt4: to[(k / 8 * kPanelRows + lane) * 4 + k % 8 / 2] |= (from[k] & 15) << (k % 2 * 4); break;
            }
        }
    }
};

}  // namespace

namespace ct::packed {

bool is_packed(const at::Tensor &tensor) { return rows_of(tensor) != nullptr; }

at::Tensor narrowed(const at::Tensor &tensor, int64_t dimension, int64_t start, int64_t length) {
    Rows rows = *rows_of(tensor);
    if (dimension != 0) throw InvalidArgument("a packed matrix is narrowed by its rows only");
    if (start < 0 || length < 0 || start + length > rows.count) throw InvalidArgument("the rows are not those of the matrix");
    rows.first += start;
    rows.count = length;
    return wrapped(std::move(rows));
}

namespace {

/// The product of x [count, columns] with some rows, whose panels are from `first` to `end`.
struct Product {
    const Rows &rows;
    int64_t first, end;

    explicit Product(const Rows &rows)
        : rows(rows), first(rows.first / kPanelRows), end((rows.first + rows.count + kPanelRows - 1) / kPanelRows) {}

    /// The width of what is computed, of which the rows are a part.
    int64_t pitch() const { return (end - first) * kPanelRows; }

    /// Computes the panels from `begin` to `after` of y [count, pitch].
    void run(int64_t begin, int64_t after, const float *x, int64_t count, float *y) const {
        kernels::packed_product({rows.matrix->layout, rows.matrix->panel(begin), after - begin, x, count, y + (begin - first) * kPanelRows, pitch()});
    }
};

}  // namespace

std::vector<at::Tensor> linears(const at::Tensor &input, const std::vector<at::Tensor> &weights, const std::vector<std::optional<at::Tensor>> &biases) {
    const int64_t columns = weights.front().size(1);
    if (input.dim() == 0 || input.size(-1) != columns) throw InvalidArgument("the input does not have the width of the weight");
    if (at::GradMode::is_enabled() && input.requires_grad()) throw InvalidArgument("packed weights have no gradients");
    const auto x = (input.scalar_type() == at::kFloat ? input : input.to(at::kFloat)).contiguous();
    const int64_t count = x.numel() / columns;
    const float *from = x.const_data_ptr<float>();
    std::vector<Product> products;
    std::vector<at::Tensor> outputs;
    // Panel i of all is panel i - starts[j] of matrix j.
    std::vector<int64_t> starts{0};
    auto sizes = input.sizes().vec();
    for (const auto &weight : weights) {
        if (weight.size(1) != columns) throw InvalidArgument("the weights differ in width");
        products.emplace_back(*rows_of(weight));
        sizes.back() = products.back().pitch();
        outputs.push_back(at::empty(sizes, x.options()));
        starts.push_back(starts.back() + products.back().end - products.back().first);
    }
    const int64_t grain = std::max<int64_t>(1, kProductsPerTask / std::max<int64_t>(1, kPanelRows * columns * count));
    parallel_for(0, starts.back(), grain, [&](int64_t begin, int64_t end) {
        for (size_t j = 0; j < products.size(); j++) {
            const int64_t first = std::max(begin, starts[j]), after = std::min(end, starts[j + 1]);
            if (first >= after) continue;
            const int64_t shift = products[j].first - starts[j];
            products[j].run(first + shift, after + shift, from, count, outputs[j].mutable_data_ptr<float>());
        }
    });
    for (size_t j = 0; j < products.size(); j++) {
        auto &y = outputs[j];
        const int64_t rows = weights[j].size(0);
        if (products[j].pitch() != rows) y = y.narrow(-1, products[j].rows.first % kPanelRows, rows);
        if (biases[j]) y = y + *biases[j];
        if (input.scalar_type() != at::kFloat) y = y.to(input.scalar_type());
    }
    return outputs;
}

at::Tensor linear(const at::Tensor &input, const at::Tensor &weight, const std::optional<at::Tensor> &bias) {
    return linears(input, {weight}, {bias})[0];
}

at::Tensor embedding(const at::Tensor &table, const at::Tensor &indices) {
    const Rows &rows = *rows_of(table);
    const int64_t columns = rows.matrix->layout.columns;
    const auto chosen = indices.to(at::kLong).contiguous();
    auto sizes = indices.sizes().vec();
    sizes.push_back(columns);
    auto y = at::empty(sizes, at::kFloat);
    float *to = y.mutable_data_ptr<float>();
    const int64_t *index = chosen.const_data_ptr<int64_t>();
    for (int64_t i = 0; i < chosen.numel(); i++) {
        if (index[i] < 0 || index[i] >= rows.count) throw InvalidArgument("an index is not that of a row");
    }
    parallel_for(0, chosen.numel(), 16, [&](int64_t begin, int64_t end) {
        std::vector<float> panel(columns * kPanelRows);
        for (int64_t i = begin; i < end; i++) {
            const int64_t row = rows.first + index[i];
            kernels::expand_panel(rows.matrix->layout, rows.matrix->panel(row / kPanelRows), panel.data());
            for (int64_t k = 0; k < columns; k++) to[i * columns + k] = panel[kernels::place_in_panel(row % kPanelRows, k)];
        }
    });
    return y;
}

at::Tensor expanded(const at::Tensor &tensor) {
    const Rows &rows = *rows_of(tensor);
    const int64_t columns = rows.matrix->layout.columns;
    auto y = at::empty({rows.count, columns}, at::kFloat);
    float *to = y.mutable_data_ptr<float>();
    const int64_t first = rows.first / kPanelRows, end = (rows.first + rows.count + kPanelRows - 1) / kPanelRows;
    parallel_for(first, end, 1, [&](int64_t begin_panel, int64_t end_panel) {
        std::vector<float> panel(columns * kPanelRows);
        for (int64_t p = begin_panel; p < end_panel; p++) {
            kernels::expand_panel(rows.matrix->layout, rows.matrix->panel(p), panel.data());
            const int64_t begin = std::max(rows.first, p * kPanelRows), after = std::min(rows.first + rows.count, (p + 1) * kPanelRows);
            for (int64_t row = begin; row < after; row++) {
                float *out = to + (row - rows.first) * columns;
                for (int64_t k = 0; k < columns; k++) out[k] = panel[kernels::place_in_panel(row % kPanelRows, k)];
            }
        }
    });
    return y;
}

}  // namespace ct::packed

CTStatus ct_pack(const void *elements, int64_t row_count, int64_t columns, CTPacking packing, int64_t group, const float *scales, const float *minima, CTTensor *out) {
    return tensor("pack", out, [&] {
        PackedLayout layout{packing, columns, group, minima != nullptr, false};
        if (row_count < 0 || columns < 1 || group < 1 || columns % group != 0) throw InvalidArgument("rows, columns and groups that divide them are expected");
        if (group % (packing == CTPackingInt4 ? 8 : 2) != 0) throw InvalidArgument("a group has 2 columns or a multiple, of 4-bit elements 8");
        if (layout.has_scales() != (scales != nullptr)) throw InvalidArgument("integers have scales, floats none");
        if (!layout.has_scales() && group != columns) throw InvalidArgument("floats have no groups");
        if (minima != nullptr && !layout.has_scales()) throw InvalidArgument("floats have no minima");
        if (scales != nullptr) {
            const int64_t count = row_count * (columns / group);
            layout.has_half_scales = std::all_of(scales, scales + count, is_half) && (minima == nullptr || std::all_of(minima, minima + count, is_half));
        }
        const int64_t panels = (row_count + kPanelRows - 1) / kPanelRows;
        auto matrix = std::make_shared<Matrix>();
        matrix->layout = layout;
        matrix->bytes = zeros(panels * layout.panel_bytes());
        uint8_t *to = matrix->bytes.mutable_data_ptr<uint8_t>();
        const Packer packer{layout, row_count, static_cast<const uint8_t *>(elements), scales, minima};
        parallel_for(0, panels, 1, [&](int64_t begin, int64_t end) {
            for (int64_t p = begin; p < end; p++) packer.pack(p, to + p * layout.panel_bytes());
        });
        return wrapped(Rows{std::move(matrix), 0, row_count});
    });
}
