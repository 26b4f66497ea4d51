// Shape, arithmetic, reduction, order: one line per operation.
#include "boundary.h"
#include "packed_tensors.h"

using namespace ct;

CTStatus ct_reshape(CTTensor x, const int64_t *sizes, size_t rank, CTTensor *out) {
    return tensor("reshape", out, [&] { return in(x).reshape(shape(sizes, rank)); });
}
CTStatus ct_permute(CTTensor x, const int64_t *dimensions, size_t rank, CTTensor *out) {
    return tensor("permute", out, [&] { return in(x).permute(shape(dimensions, rank)); });
}
CTStatus ct_transpose(CTTensor x, int64_t first, int64_t second, CTTensor *out) {
    return tensor("transpose", out, [&] { return in(x).transpose(first, second); });
}
CTStatus ct_narrow(CTTensor x, int64_t dimension, int64_t start, int64_t length, CTTensor *out) {
    return tensor("narrow", out, [&] {
        if (packed::is_packed(in(x))) return packed::narrowed(in(x), dimension, start, length);
        return in(x).narrow(dimension, start, length);
    });
}
CTStatus ct_cat(const CTTensor *tensors, size_t count, int64_t dimension, CTTensor *out) {
    return tensor("cat", out, [&] { return at::cat(list(tensors, count), dimension); });
}
CTStatus ct_index_select(CTTensor x, int64_t dimension, CTTensor indices, CTTensor *out) {
    return tensor("index_select", out, [&] { return at::index_select(in(x), dimension, in(indices)); });
}
CTStatus ct_add(CTTensor a, CTTensor b, CTTensor *out) {
    return tensor("add", out, [&] { return at::add(in(a), in(b)); });
}
CTStatus ct_subtract(CTTensor a, CTTensor b, CTTensor *out) {
    return tensor("subtract", out, [&] { return at::sub(in(a), in(b)); });
}
CTStatus ct_multiply(CTTensor a, CTTensor b, CTTensor *out) {
    return tensor("multiply", out, [&] { return at::mul(in(a), in(b)); });
}
CTStatus ct_divide(CTTensor a, CTTensor b, CTTensor *out) {
    return tensor("divide", out, [&] { return at::div(in(a), in(b)); });
}
CTStatus ct_add_scalar(CTTensor a, double b, CTTensor *out) {
    return tensor("add", out, [&] { return at::add(in(a), b); });
}
CTStatus ct_multiply_scalar(CTTensor a, double b, CTTensor *out) {
    return tensor("multiply", out, [&] { return at::mul(in(a), b); });
}
CTStatus ct_power_scalar(CTTensor a, double b, CTTensor *out) {
    return tensor("power", out, [&] { return at::pow(in(a), b); });
}
CTStatus ct_matmul(CTTensor a, CTTensor b, CTTensor *out) {
    return tensor("matmul", out, [&] { return at::matmul(in(a), in(b)); });
}
CTStatus ct_abs(CTTensor x, CTTensor *out) {
    return tensor("abs", out, [&] { return at::abs(in(x)); });
}
CTStatus ct_exp(CTTensor x, CTTensor *out) {
    return tensor("exp", out, [&] { return at::exp(in(x)); });
}
CTStatus ct_tanh(CTTensor x, CTTensor *out) {
    return tensor("tanh", out, [&] { return at::tanh(in(x)); });
}
CTStatus ct_relu(CTTensor x, CTTensor *out) {
    return tensor("relu", out, [&] { return at::relu(in(x)); });
}
CTStatus ct_silu(CTTensor x, CTTensor *out) {
    return tensor("silu", out, [&] { return at::silu(in(x)); });
}
CTStatus ct_gelu(CTTensor x, CTTensor *out) {
    return tensor("gelu", out, [&] { return at::gelu(in(x)); });
}
CTStatus ct_gelu_tanh(CTTensor x, CTTensor *out) {
    return tensor("gelu_tanh", out, [&] { return at::gelu(in(x), "tanh"); });
}
CTStatus ct_leaky_relu(CTTensor x, double slope, CTTensor *out) {
    return tensor("leaky_relu", out, [&] { return at::leaky_relu(in(x), slope); });
}
CTStatus ct_clamp(CTTensor x, double minimum, double maximum, CTTensor *out) {
    return tensor("clamp", out, [&] { return at::clamp(in(x), minimum, maximum); });
}
CTStatus ct_less_scalar(CTTensor a, double b, CTTensor *out) {
    return tensor("less", out, [&] { return at::lt(in(a), b); });
}
CTStatus ct_sum(CTTensor x, const int64_t *dimensions, size_t count, bool keep, CTTensor *out) {
    return tensor("sum", out, [&] { return at::sum(in(x), shape(dimensions, count), keep); });
}
CTStatus ct_mean(CTTensor x, const int64_t *dimensions, size_t count, bool keep, CTTensor *out) {
    return tensor("mean", out, [&] { return at::mean(in(x), shape(dimensions, count), keep); });
}
CTStatus ct_argmax(CTTensor x, int64_t dimension, CTTensor *out) {
    return tensor("argmax", out, [&] { return at::argmax(in(x), dimension); });
}
CTStatus ct_top(CTTensor x, int64_t k, int64_t dimension, CTTensor *values, CTTensor *indices) {
    return tensors("top", values, indices, [&] { return at::topk(in(x), k, dimension); });
}
CTStatus ct_log_softmax(CTTensor x, int64_t dimension, CTTensor *out) {
    return tensor("log_softmax", out, [&] { return at::log_softmax(in(x), dimension); });
}

CTStatus ct_index_add(CTTensor x, int64_t dimension, CTTensor indices, CTTensor source, CTTensor *out) {
    return tensor("index_add", out, [&] { return at::index_add(in(x), dimension, in(indices), in(source)); });
}
