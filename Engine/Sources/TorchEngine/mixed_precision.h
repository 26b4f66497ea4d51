// Products of float32 matrices in bfloat16, for training.
#pragma once
#include <ATen/ATen.h>

#include <optional>
#include <vector>

namespace ct {

/// Whether products on this thread are of bfloat16 matrices.
bool is_mixed_precision();

/// x weight_jT + bias_j of float32 tensors for each j, in mixed precision where it is on.
std::vector<at::Tensor> dense_linears(const at::Tensor &x, const std::vector<at::Tensor> &weights, const std::vector<std::optional<at::Tensor>> &biases);

}  // namespace ct
