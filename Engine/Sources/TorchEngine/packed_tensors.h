// Tensors that are packed matrices. Operations that do not know them throw: they have no storage.
#pragma once
#include <ATen/ATen.h>

namespace ct::packed {

bool is_packed(const at::Tensor &tensor);

// The next take a packed matrix.

at::Tensor narrowed(const at::Tensor &tensor, int64_t dimension, int64_t start, int64_t length);
/// x [..., columns] -> [..., rows].
at::Tensor linear(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias);
/// The products with several weights, in one go on all threads.
std::vector<at::Tensor> linears(const at::Tensor &x, const std::vector<at::Tensor> &weights, const std::vector<std::optional<at::Tensor>> &biases);
at::Tensor embedding(const at::Tensor &table, const at::Tensor &indices);
/// The elements as a plain tensor.
at::Tensor expanded(const at::Tensor &tensor);

/// Any tensor, with its elements as a plain one.
inline at::Tensor plain(const at::Tensor &tensor) { return is_packed(tensor) ? expanded(tensor) : tensor; }

}  // namespace ct::packed
