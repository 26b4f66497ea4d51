internal import Foundation
internal import Synchronization

/// A thread of its own for what belongs to one thread, as networks do, and takes long.
final class ModelThread: SerialExecutor, Sendable {
    private struct Queue {
        var jobs: [UnownedJob] = []
        var isClosed = false
    }

    /// What the thread and its owner share; the thread must not keep the owner alive.
    private final class Shared: @unchecked Sendable {  // All access is under the condition's lock.
        let condition = NSCondition()
        var queue = Queue()
    }

    private let shared = Shared()

    init(name: String) {
        let thread = Thread { [shared, executor = Unmanaged.passUnretained(self)] in
            while true {
                shared.condition.lock()
                while shared.queue.jobs.isEmpty, !shared.queue.isClosed { shared.condition.wait() }
                let jobs = shared.queue.jobs
                shared.queue.jobs = []
                shared.condition.unlock()
                if jobs.isEmpty { return }
                for job in jobs {
                    job.runSynchronously(
                        on: UnownedSerialExecutor(ordinary: executor.takeUnretainedValue())
                    )
                }
            }
        }
        thread.name = name
        // Networks of many layers have deep calls.
        thread.stackSize = 16 << 20
        thread.start()
    }

    deinit {
        shared.condition.lock()
        shared.queue.isClosed = true
        shared.condition.signal()
        shared.condition.unlock()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        shared.condition.lock()
        shared.queue.jobs.append(job)
        shared.condition.signal()
        shared.condition.unlock()
    }
}
