// Rotary position embedding of heads.
#pragma once
#include <ATen/ATen.h>

#include <array>
#include <cstring>
#include <optional>

#include "boundary.h"
#include "kernels.h"

namespace ct {

/// The cosines and sines [T or B · T, P] that rotate the pairs (i, i + P) of the first 2P elements of heads
/// [B, T, H, W]; what is behind them stays. Without tables everything stays.
class Rotation {
public:
    Rotation(std::optional<at::Tensor> cosines, std::optional<at::Tensor> sines, const at::Tensor &x)
        : cosines_(std::move(cosines)), sines_(std::move(sines)) {
        if (!cosines_) return;
        const auto &c = *cosines_;
        rows_ = c.dim() == 2 ? c.size(0) : 0;
        if (!sines_ || x.dim() != 4 || c.dim() != 2 || c.sizes() != sines_->sizes() || (rows_ != x.size(1) && rows_ != x.size(0) * x.size(1)) || c.size(1) * 2 > x.size(3)) {
            throw InvalidArgument("x must be [B, T, H, W] and the tables [T or B · T, P], of which 2P is at most W");
        }
        pairs_ = c.size(1);
        is_for_kernels_ = is_float_on_cpu(c) && is_float_on_cpu(*sines_) && c.is_contiguous() && sines_->is_contiguous();
        if (!is_for_kernels_) return;
        c_ = c.const_data_ptr<float>();
        s_ = sines_->const_data_ptr<float>();
    }

    bool is_for_kernels() const { return is_for_kernels_; }

    /// Rotates a head of the token t of row b, which is `token` b · T + t; for tables that kernels read.
    void rotate(const float *x, int64_t token, int64_t width, float *y, float direction = 1) const {
        if (pairs_ > 0) {
            const int64_t row = token % rows_ * pairs_;
            kernels::rotate_head(x, c_ + row, s_ + row, pairs_, direction, y);
        }
        memcpy(y + 2 * pairs_, x + 2 * pairs_, static_cast<size_t>(width - 2 * pairs_) * sizeof(float));
    }

    /// x [B, T, H, W] rotated by libtorch's operations.
    at::Tensor operator()(const at::Tensor &x) const {
        if (!cosines_) return x;
        const std::array<int64_t, 4> sizes{rows_ == x.size(1) ? 1 : x.size(0), x.size(1), 1, pairs_};
        const auto c = cosines_->reshape(sizes).to(x.scalar_type()), s = sines_->reshape(sizes).to(x.scalar_type());
        const auto parts = x.split_with_sizes({pairs_, pairs_, x.size(3) - 2 * pairs_}, -1);
        return at::cat({parts[0] * c - parts[1] * s, parts[1] * c + parts[0] * s, parts[2]}, -1);
    }

private:
    std::optional<at::Tensor> cosines_, sines_;
    const float *c_ = nullptr, *s_ = nullptr;
    int64_t rows_ = 1, pairs_ = 0;
    bool is_for_kernels_ = true;
};

}  // namespace ct
