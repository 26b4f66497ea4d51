internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How many cores the program may work on.
package let coreCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

/// Does `count` pieces of work on all cores, begun in their order.
///
/// The first error ends it: no further piece begins, and the function returns when those that had
/// begun are over.
///
/// - Parameters:
///   - count: how many pieces there are.
///   - work: does the piece of a number, on any thread.
///   - done: told of each piece that is done, one at a time, on the calling thread.
/// - Throws: the first error of `work` or `done`.
package func inParallel(
    _ count: Int,
    _ work: @escaping @Sendable (Int) throws -> Void,
    done: (Int) throws -> Void = { _ in }
) throws {
    let pieces = PiecesOfWork(count)
    let group = DispatchGroup()
    for _ in 0..<min(count, coreCount) {
        DispatchQueue.global().async(group: group) { pieces.run(work) }
    }
    defer {
        pieces.stop()
        group.wait()
    }
    for _ in 0..<count { try done(pieces.nextDone()) }
}

/// Hands out pieces of work to threads, and their outcomes to the one that waits.
private final class PiecesOfWork: Sendable {
    private struct State {
        var begun = 0
        var outcomes: [Result<Int, any Error>] = []
    }

    private let count: Int
    private let state = Mutex(State())
    private let stepLog = DispatchSemaphore(value: 0)

    init(_ count: Int) {
        self.count = count
    }

    /// Works until nothing is left; each piece that begins has one outcome.
    func run(_ work: (Int) throws -> Void) {
        while let index = take() {
            let outcome = Result { () throws -> Int in
                try work(index)
                return index
            }
            state.withLock { $0.outcomes.append(outcome) }
            stepLog.signal()
        }
    }

    /// Waits for the next outcome.
    func nextDone() throws -> Int {
        stepLog.wait()
        return try state.withLock { $0.outcomes.removeFirst() }.get()
    }

    /// Lets no further piece begin.
    func stop() { state.withLock { $0.begun = count } }

    private func take() -> Int? {
        state.withLock { state in
            guard state.begun < count else { return nil }
            state.begun += 1
            return state.begun - 1
        }
    }
}
