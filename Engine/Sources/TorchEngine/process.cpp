// Process-wide settings, the last error of a thread, the count of live tensors.
#include <ATen/Parallel.h>

#include "boundary.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace ct {
std::atomic<int64_t> live{0};
thread_local std::string error;

CTStatus failure(CTStatus status, const char *name, const char *what) noexcept {
    try {
        error = std::string(name) + ": " + what;
    } catch (...) {
        error.clear();
    }
    return status;
}
}  // namespace ct

using namespace ct;

#if defined(__x86_64__) && defined(__linux__)
/// Replaces a function of MKL, which libtorch contains: MKL calls it to ask whether Intel made the
/// processor and uses old, slow kernels otherwise. With this answer it goes by instruction sets.
extern "C" __attribute__((visibility("default"))) int mkl_serv_intel_cpu_true(void) { return 1; }
#endif

CTStatus ct_initialize(int32_t threads) {
    return guarded("initialize", [&] {
#ifdef __GLIBC__
        // Fresh memory costs a page fault per page: keep freed memory.
        mallopt(M_MMAP_THRESHOLD, 1 << 30);
        mallopt(M_TRIM_THRESHOLD, -1);
        mallopt(M_TOP_PAD, 64 << 20);
#endif
        if (threads > 0) at::set_num_threads(threads);
    });
}

int64_t ct_live_tensors(void) { return live.load(); }

const char *ct_last_error(void) { return error.c_str(); }

void ct_release(CTTensor tensor) {
    if (tensor == nullptr) return;
    delete reinterpret_cast<at::Tensor *>(tensor);
    live.fetch_sub(1, std::memory_order_relaxed);
}
