// Loops on libtorch's threads.
//
// at::parallel_for is compiled here, where the compiler knows no OpenMP, and so is a plain loop. This
// one asks the runtime that libtorch has loaded, GNU's or one that answers to its names.
#pragma once
#include <ATen/Parallel.h>

#include <cstdint>
#include <exception>
#include <mutex>

extern "C" {
__attribute__((weak)) void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
__attribute__((weak)) int omp_get_thread_num(void);
__attribute__((weak)) int omp_get_num_threads(void);
}

namespace ct {

/// Calls `body(from, to)` for parts of begin..<end, each of at least about `grain`, on as many threads
/// as are worth it and allowed.
template <typename Body>
void parallel_for(int64_t begin, int64_t end, int64_t grain, const Body &body) {
    const int64_t count = end - begin, parts = count / std::max<int64_t>(1, grain);
    const int64_t threads = std::min<int64_t>(at::get_num_threads(), parts);
    if (threads < 2 || at::in_parallel_region() || GOMP_parallel == nullptr) {
        if (count > 0) body(begin, end);
        return;
    }
    struct Task {
        const Body &body;
        int64_t begin, count;
        std::exception_ptr failure;
        std::mutex lock;

        void run(int64_t part, int64_t parts) noexcept {
            try {
                body(begin + count * part / parts, begin + count * (part + 1) / parts);
            } catch (...) {
                const std::lock_guard guard(lock);
                if (!failure) failure = std::current_exception();
            }
        }
    } task{body, begin, count, nullptr, {}};
    const auto run = [](void *data) {
        static_cast<Task *>(data)->run(omp_get_thread_num(), omp_get_num_threads());
    };
    GOMP_parallel(run, &task, static_cast<unsigned>(threads), 0);
    if (task.failure) std::rethrow_exception(task.failure);
}

}  // namespace ct
