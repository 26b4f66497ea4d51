internal import Dispatch
import Foundation
internal import Synchronization

/// The number of usable cores.
package let coreCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

/// Runs `count` tasks on all cores, started in order.
///
/// After the first error no task is started, and the function returns when the running ones are
/// done.
///
/// - Parameters:
///   - count: the number of tasks.
///   - work: runs the task with a number, on any thread.
///   - done: called for each finished task, one at a time, on the calling thread.
/// - Throws: the first error of `work` or `done`.
package func inParallel(
    _ count: Int,
    _ work: @escaping @Sendable (Int) throws -> Void,
    done: (Int) throws -> Void = { _ in }
) throws {
    let tasks = TaskQueue(count)
    let group = DispatchGroup()
    for _ in 0..<min(count, coreCount) {
        DispatchQueue.global().async(group: group) { tasks.run(work) }
    }
    defer {
        tasks.stop()
        group.wait()
    }
    for _ in 0..<count { try done(tasks.nextDone()) }
}

/// Distributes tasks to threads, and their results to the waiting one.
private final class TaskQueue: Sendable {
    private struct State {
        var begun = 0
        var outcomes: [Result<Int, any Error>] = []
    }

    private let count: Int
    private let state = Mutex(State())
    private let outcomeCount = DispatchSemaphore(value: 0)

    init(_ count: Int) {
        self.count = count
    }

    /// Runs tasks until none is left; each started one has one outcome.
    func run(_ work: (Int) throws -> Void) {
        while let index = take() {
            let outcome = Result { () throws -> Int in
                try work(index)
                return index
            }
            state.withLock { $0.outcomes.append(outcome) }
            outcomeCount.signal()
        }
    }

    func nextDone() throws -> Int {
        outcomeCount.wait()
        return try state.withLock { $0.outcomes.removeFirst() }.get()
    }

    func stop() { state.withLock { $0.begun = count } }

    private func take() -> Int? {
        state.withLock { state in
            guard state.begun < count else { return nil }
            state.begun += 1
            return state.begun - 1
        }
    }
}
