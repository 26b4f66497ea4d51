// The exception boundary, and how tensors cross it.
#pragma once
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <atomic>
#include <string>

#include "ctorch.h"

namespace ct {

extern std::atomic<int64_t> live;
extern thread_local std::string error;

/// A mistake of the caller, found before libtorch is called.
struct InvalidArgument : std::runtime_error {
    using std::runtime_error::runtime_error;
};

CTStatus failure(CTStatus status, const char *name, const char *what) noexcept;

/// Runs `body` so that no exception leaves it.
template <typename Body>
CTStatus guarded(const char *name, Body &&body) noexcept {
    try {
        body();
        return CTStatusOK;
    } catch (const InvalidArgument &e) {
        return failure(CTStatusInvalidArgument, name, e.what());
    } catch (const c10::OutOfMemoryError &e) {
        return failure(CTStatusOutOfMemory, name, e.what_without_backtrace());
    } catch (const c10::NotImplementedError &e) {
        return failure(CTStatusNotImplemented, name, e.what_without_backtrace());
    } catch (const c10::Error &e) {
        // On the CPU running out of memory is a plain error.
        const bool memory = strstr(e.what_without_backtrace(), "can't allocate memory") != nullptr;
        return failure(
            memory ? CTStatusOutOfMemory : CTStatusFailed, name, e.what_without_backtrace());
    } catch (const std::bad_alloc &e) {
        return failure(CTStatusOutOfMemory, name, e.what());
    } catch (const std::exception &e) {
        return failure(CTStatusFailed, name, e.what());
    } catch (...) {
        return failure(CTStatusFailed, name, "an unknown exception");
    }
}

inline const at::Tensor &in(CTTensor tensor) {
    if (tensor == nullptr) throw InvalidArgument("a tensor is missing");
    const auto &value = *reinterpret_cast<const at::Tensor *>(tensor);
    if (!value.defined()) throw InvalidArgument("a tensor is undefined");
    return value;
}

inline std::optional<at::Tensor> optional(CTTensor tensor) {
    return tensor == nullptr ? std::nullopt : std::optional<at::Tensor>(in(tensor));
}

inline CTTensor out(at::Tensor tensor) {
    auto *storage = new at::Tensor(std::move(tensor));
    live.fetch_add(1, std::memory_order_relaxed);
    return reinterpret_cast<CTTensor>(storage);
}

/// Runs `body` and returns its tensor in `*result`.
template <typename Body>
CTStatus tensor(const char *name, CTTensor *result, Body &&body) noexcept {
    return guarded(name, [&] { *result = out(body()); });
}

/// Runs `body` and returns its two tensors.
template <typename Body>
CTStatus tensors(const char *name, CTTensor *first, CTTensor *second, Body &&body) noexcept {
    return guarded(name, [&] {
        auto [a, b] = body();
        CTTensor one = out(std::move(a));
        try {
            *second = out(std::move(b));
        } catch (...) {
            ct_release(one);
            throw;
        }
        *first = one;
    });
}

inline std::vector<at::Tensor> list(const CTTensor *tensors, size_t count) {
    std::vector<at::Tensor> result;
    result.reserve(count);
    for (size_t i = 0; i < count; i++) result.push_back(in(tensors[i]));
    return result;
}

inline at::IntArrayRef shape(const int64_t *sizes, size_t rank) { return {sizes, rank}; }

/// What our kernels read: float32 in the CPU's memory.
inline bool is_float_on_cpu(const at::Tensor &x) { return x.is_cpu() && x.scalar_type() == at::kFloat; }

at::ScalarType type(CTElement element);
CTElement element(at::ScalarType type);

}  // namespace ct
