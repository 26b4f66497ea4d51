// What jam uses of libtorch, as plain C.
//
// The contract of every function that returns a CTStatus:
// - Nothing throws and nothing aborts: each body runs inside one exception boundary.
// - On success `*out` (or each out parameter) is a new reference that the caller owns and passes to
//   `ct_release`. On failure the out parameters are untouched, and `ct_last_error` returns the error
//   of this thread, starting with the operation's name.
// - Arguments are borrowed. A NULL or undefined tensor is refused with CTStatusInvalidArgument.
// - Shapes are `const int64_t *` with a count; dimensions may be negative, as in libtorch.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CTTensorStorage *CTTensor;
typedef struct CTGeneratorStorage *CTGenerator;

typedef enum __attribute__((enum_extensibility(closed))) CTStatus : int32_t {
    CTStatusOK = 0,
    CTStatusInvalidArgument,
    CTStatusOutOfMemory,
    CTStatusNotImplemented,
    CTStatusFailed,
} CTStatus;

typedef enum __attribute__((enum_extensibility(closed))) CTElement : int32_t {
    CTElementBool = 0,
    CTElementUInt8,
    CTElementInt8,
    CTElementInt32,
    CTElementInt64,
    CTElementFloat16,
    CTElementBFloat16,
    CTElementFloat32,
    CTElementFloat64,
} CTElement;

/// How a packed matrix stores its elements.
typedef enum __attribute__((enum_extensibility(closed))) CTPacking : int32_t {
    CTPackingFloat32 = 0,
    CTPackingBFloat16,
    CTPackingFloat16,
    CTPackingInt8,
    CTPackingInt4,
} CTPacking;

// MARK: Process

/// Sets the number of threads of one operation on the calling thread, and the allocator's thresholds.
/// Call it first.
CTStatus ct_initialize(int32_t threads);
/// The number of tensors returned and not yet released.
int64_t ct_live_tensors(void);
const char *ct_last_error(void);
void ct_release(CTTensor tensor);

// MARK: Making and reading

CTStatus ct_empty(const int64_t *shape, size_t rank, CTElement element, CTTensor *out);
CTStatus ct_full(const int64_t *shape, size_t rank, double value, CTElement element, CTTensor *out);
CTStatus ct_arange(int64_t start, int64_t end, CTTensor *out);
/// Copies the elements from `bytes` in row-major order.
CTStatus ct_from_bytes(const void *bytes, size_t byte_count, const int64_t *shape, size_t rank, CTElement element, CTTensor *out);
/// Copies the elements in row-major order; `byte_count` must be exact.
CTStatus ct_copy_bytes(CTTensor tensor, void *bytes, size_t byte_count);
CTStatus ct_item(CTTensor tensor, double *out);
/// A matrix [rows, columns] in the form that products with few rows read fastest; it has as many bytes
/// as what is given, and about that time of copying. ct_linear and ct_embedding take it as a weight,
/// ct_narrow makes a view of some of its rows, ct_copy_bytes and ct_to_element see its elements as
/// float32; all other operations refuse it. It has no gradient.
///
/// `elements` are in row-major order: floats, int8, or 4-bit integers from 0 to 15, a byte each.
/// Integers have a scale for each row and group of `group` columns, in `scales` [rows, columns / group];
/// an int8 stands for integer * scale, a 4-bit integer for (integer - 8) * scale, and with minima of the
/// same shape both for integer * scale + minimum. Floats have neither, and one group.
CTStatus ct_pack(const void *elements, int64_t rows, int64_t columns, CTPacking packing, int64_t group, const float *scales_or_null, const float *minima_or_null, CTTensor *out);
int64_t ct_rank(CTTensor tensor);
int64_t ct_size(CTTensor tensor, int64_t dimension);
CTElement ct_element(CTTensor tensor);
CTStatus ct_to_element(CTTensor tensor, CTElement element, CTTensor *out);
/// Overwrites the elements of `target` with those of `source`, without gradient.
CTStatus ct_copy_into(CTTensor target, CTTensor source);

// MARK: Shape

CTStatus ct_reshape(CTTensor x, const int64_t *shape, size_t rank, CTTensor *out);
CTStatus ct_permute(CTTensor x, const int64_t *dimensions, size_t rank, CTTensor *out);
CTStatus ct_transpose(CTTensor x, int64_t first, int64_t second, CTTensor *out);
CTStatus ct_narrow(CTTensor x, int64_t dimension, int64_t start, int64_t length, CTTensor *out);
CTStatus ct_cat(const CTTensor *tensors, size_t count, int64_t dimension, CTTensor *out);
CTStatus ct_index_select(CTTensor x, int64_t dimension, CTTensor indices, CTTensor *out);

// MARK: Arithmetic

CTStatus ct_add(CTTensor a, CTTensor b, CTTensor *out);
CTStatus ct_subtract(CTTensor a, CTTensor b, CTTensor *out);
CTStatus ct_multiply(CTTensor a, CTTensor b, CTTensor *out);
CTStatus ct_divide(CTTensor a, CTTensor b, CTTensor *out);
CTStatus ct_add_scalar(CTTensor a, double b, CTTensor *out);
CTStatus ct_multiply_scalar(CTTensor a, double b, CTTensor *out);
CTStatus ct_power_scalar(CTTensor a, double b, CTTensor *out);
CTStatus ct_matmul(CTTensor a, CTTensor b, CTTensor *out);
CTStatus ct_abs(CTTensor x, CTTensor *out);
CTStatus ct_exp(CTTensor x, CTTensor *out);
CTStatus ct_tanh(CTTensor x, CTTensor *out);
CTStatus ct_relu(CTTensor x, CTTensor *out);
CTStatus ct_silu(CTTensor x, CTTensor *out);
CTStatus ct_gelu(CTTensor x, CTTensor *out);
/// The approximation of GELU by tanh.
CTStatus ct_gelu_tanh(CTTensor x, CTTensor *out);
CTStatus ct_leaky_relu(CTTensor x, double slope, CTTensor *out);
CTStatus ct_clamp(CTTensor x, double minimum, double maximum, CTTensor *out);
CTStatus ct_less_scalar(CTTensor a, double b, CTTensor *out);

// MARK: Reduction, order and choice

CTStatus ct_sum(CTTensor x, const int64_t *dimensions, size_t count, bool keep, CTTensor *out);
CTStatus ct_mean(CTTensor x, const int64_t *dimensions, size_t count, bool keep, CTTensor *out);
CTStatus ct_argmax(CTTensor x, int64_t dimension, CTTensor *out);
CTStatus ct_top(CTTensor x, int64_t k, int64_t dimension, CTTensor *values, CTTensor *indices);
CTStatus ct_log_softmax(CTTensor x, int64_t dimension, CTTensor *out);
CTStatus ct_index_add(CTTensor x, int64_t dimension, CTTensor indices, CTTensor source, CTTensor *out);

// MARK: Layers

CTStatus ct_linear(CTTensor x, CTTensor weight, CTTensor bias_or_null, CTTensor *out);
/// The same with `count` weights; each of `biases` may be NULL, and `outs` has room for `count` tensors.
CTStatus ct_linears(CTTensor x, const CTTensor *weights, const CTTensor *biases, size_t count, CTTensor *outs);
CTStatus ct_embedding(CTTensor table, CTTensor indices, CTTensor *out);
/// x [..., D] -> x / rms(x) * weight, over each of `groups` equal parts of D.
CTStatus ct_rms_norm(CTTensor x, CTTensor weight_or_null, int64_t groups, double epsilon, CTTensor *out);
/// x [..., D] -> (x - mean) / std * weight + bias, over each of `groups` equal parts of D.
CTStatus ct_layer_norm(CTTensor x, CTTensor weight_or_null, CTTensor bias_or_null, int64_t groups, double epsilon, CTTensor *out);
/// Rotates x [B, T, H, W]: the pair (i, i + P) of a token by the angle whose cosine and sine are in its
/// row, column i of the tables [T or B · T, P]; the elements from 2P on stay.
CTStatus ct_rotary(CTTensor x, CTTensor cosines, CTTensor sines, CTTensor *out);
/// silu(gate) * up, elementwise.
CTStatus ct_swiglu(CTTensor gate, CTTensor up, CTTensor *out);
/// q [B, H, T, W], k and v [B, K, S, W] with K dividing H; `mask_or_null` is boolean, true = attend.
CTStatus ct_attention(CTTensor q, CTTensor k, CTTensor v, CTTensor mask_or_null, bool causal, CTTensor *out);
/// Writes keys [B, T, K · W], rotated as by ct_rotary where there are tables, and values into the caches
/// [K, C, W] of B rows, which may differ in C; those of row b from starts[b] on.
CTStatus ct_remember(CTTensor keys, CTTensor values, CTTensor cosines_or_null, CTTensor sines_or_null, const CTTensor *cached_keys, const CTTensor *cached_values, const int64_t *starts, size_t rows);
/// Attention of queries [B, T, H · W], rotated where there are tables, to the first S `positions` of the
/// caches of their rows -> [B, T, H · W]; to those behind C a mask allows nothing. Without gradients a
/// query's result has the same bits whichever others are computed with it, if all values are finite.
CTStatus ct_attend(CTTensor queries, CTTensor cosines_or_null, CTTensor sines_or_null, const CTTensor *cached_keys, const CTTensor *cached_values, size_t rows, int64_t positions, CTTensor mask_or_null, bool causal, CTTensor *out);
/// A head of `count` blocks: hidden states [N, D_j] and a weight [V_j, D_j] for the rows of the
/// vocabulary from first_rows[j] on; targets int64 [N], factors float32 [N].
/// loss [] = sum_i factors[i] * -log softmax(logits[i])[targets[i]], with gradient, where the logits
/// are the sums of the blocks; losses [N] = the terms without factors, without gradient. The logits
/// exist only in small chunks.
CTStatus ct_head_cross_entropy(const CTTensor *hidden, const CTTensor *weights, const int64_t *first_rows, size_t count, int64_t vocabulary, CTTensor targets, CTTensor factors, CTTensor *loss, CTTensor *losses);
CTStatus ct_conv2d(CTTensor x, CTTensor kernel, CTTensor bias_or_null, int64_t stride, int64_t padding, CTTensor *out);
CTStatus ct_upsample_nearest2d(CTTensor x, int64_t factor, CTTensor *out);
CTStatus ct_group_norm(CTTensor x, int64_t groups, CTTensor weight, CTTensor bias, double epsilon, CTTensor *out);

// MARK: Gradients and optimizers

CTStatus ct_require_gradient(CTTensor x, bool required);
bool ct_requires_gradient(CTTensor x);
CTStatus ct_detach(CTTensor x, CTTensor *out);
CTStatus ct_backward(CTTensor loss);
/// The gradient accumulated in a leaf; `*out` is NULL if there is none.
CTStatus ct_gradient(CTTensor leaf, CTTensor *out);
CTStatus ct_clear_gradient(CTTensor leaf);
/// Turns the recording of gradients on this thread on or off; returns the previous mode.
bool ct_set_gradient_mode(bool enabled);
/// Turns products of float32 matrices on this thread into products of bfloat16 ones, whose sums are
/// float32 and whose results are rounded once: ct_linear, ct_linears, and the gradients of
/// ct_head_cross_entropy, whose logits stay float32. Gradients follow. Returns the previous mode.
bool ct_set_mixed_precision(bool enabled);
/// Whether the processor has instructions for products of bfloat16 numbers.
bool ct_multiplies_bfloat16(void);
/// The 2-norm of all gradients together; leaves without gradient are skipped.
CTStatus ct_gradient_norm(const CTTensor *leaves, size_t count, double *out);
CTStatus ct_scale_gradients(const CTTensor *leaves, size_t count, double factor);
/// One decoupled AdamW step (Loshchilov and Hutter, 2019) on leaves with gradients; `step` counts
/// from 1. The moments are float32, shaped as the leaves.
CTStatus ct_adamw(const CTTensor *leaves, const CTTensor *first, const CTTensor *second, size_t count, int64_t step, double learning_rate, double beta1, double beta2, double epsilon, double weight_decay);

// MARK: Randomness

CTStatus ct_generator(uint64_t seed, CTGenerator *out);
void ct_release_generator(CTGenerator generator);
CTStatus ct_normal(const int64_t *shape, size_t rank, double mean, double std, CTGenerator generator, CTTensor *out);
CTStatus ct_uniform(const int64_t *shape, size_t rank, double low, double high, CTGenerator generator, CTTensor *out);

// MARK: The table

/// The names of all functions above.
#define CT_FUNCTIONS(F) \
    F(initialize) F(live_tensors) F(last_error) F(release) F(empty) F(full) F(arange) \
    F(from_bytes) F(copy_bytes) F(item) F(pack) F(rank) F(size) F(element) F(to_element) F(copy_into) \
    F(reshape) F(permute) F(transpose) F(narrow) F(cat) F(index_select) F(add) F(subtract) \
    F(multiply) F(divide) F(add_scalar) F(multiply_scalar) F(power_scalar) F(matmul) F(abs) \
    F(exp) F(tanh) F(relu) F(silu) F(gelu) F(gelu_tanh) F(leaky_relu) F(clamp) F(less_scalar) F(sum) \
    F(mean) F(argmax) F(top) F(log_softmax) F(index_add) F(linear) F(linears) F(embedding) F(rms_norm) F(layer_norm) \
    F(rotary) F(swiglu) F(attention) F(remember) F(attend) F(head_cross_entropy) F(conv2d) F(upsample_nearest2d) \
    F(group_norm) F(require_gradient) F(requires_gradient) F(detach) F(backward) F(gradient) \
    F(clear_gradient) F(set_gradient_mode) F(set_mixed_precision) F(multiplies_bfloat16) F(gradient_norm) F(scale_gradients) F(adamw) \
    F(generator) F(release_generator) F(normal) F(uniform)

/// All names in one string: an engine of another build has a different one.
#define CT_NAME(name) #name " "
#define CT_NAMES CT_FUNCTIONS(CT_NAME)

/// All functions in one table, so that a program needs no symbol of the engine until it computes.
typedef struct CTFunctions {
    const char *names;
#define F(name) __typeof__(ct_##name) *name;
    CT_FUNCTIONS(F)
#undef F
} CTFunctions;

/// The only function that is looked up by name in the engine's library.
const CTFunctions *ct_functions(void);

/// Opens the engine's library and returns its table. Returns NULL on failure; `*why`, valid until the
/// next call, then says what was tried and what to do. It is called once.
///
/// The library is the first of these that exists:
/// 1. the file that the environment variable JAM_ENGINE names; if it is set, nothing else is tried
/// 2. libTorchEngine.so in the folder of the running program (.dylib on macOS)
/// 3. the same in Engine/.build/release of this package's folder, where `make engine` builds it
/// 4. the same where the system searches for libraries
///
/// It sets OMP_WAIT_POLICY and GOMP_SPINCOUNT if the first is not set: call it before other threads read the environment.
const CTFunctions *ct_open(const char **why);

#ifdef __cplusplus
}
#endif
