import Basics
internal import Foundation
internal import Synchronization

/// Work on a thread of its own that reports events; whoever awaits them gets the latest.
///
/// The work is stopped when the task that awaits an event is cancelled, or when this object goes:
/// the next report then throws. ``next()`` ends only when the thread has ended.
final class BackgroundWork<Event: Sendable>: Sendable {
    private let mailbox = Mailbox<Event>()

    /// Starts `body`, whose argument reports an event and throws once the work is stopped.
    ///
    /// - Parameters:
    ///   - consequence: what has become of the work once it is stopped, in words.
    ///   - body: the work.
    init(
        consequence: String = "",
        _ body: @escaping @Sendable (_ report: (Event) throws -> Void) throws -> Void
    ) {
        let thread = Thread { [mailbox] in
            let outcome = Result {
                try body { event in
                    guard mailbox.put(event) else { throw Interruption(consequence: consequence) }
                }
            }
            mailbox.finish(
                with: outcome.mapError { JamError($0 as? any UserError ?? Unexpected(error: $0)) }
            )
        }
        // That of the main thread.
        thread.stackSize = 8 << 20
        thread.start()
    }

    deinit { mailbox.stop() }

    /// The latest event, once there is a new one; `nil` when the work is done.
    func next() async throws(JamError) -> Event? {
        await withTaskCancellationHandler {
            await mailbox.wait()
        } onCancel: {
            mailbox.stop()
        }
        return try mailbox.take()
    }
}

/// The latest event of some work, and its outcome.
private final class Mailbox<Event: Sendable>: Sendable {
    private struct State {
        var event: Event?
        var outcome: Result<Void, JamError>?
        var isStopped = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Takes an event; `false` once the work is to stop.
    func put(_ event: Event) -> Bool {
        let isStopped = state.withLock { state in
            state.event = event
            return state.isStopped
        }
        wake()
        return !isStopped
    }

    func finish(with outcome: Result<Void, JamError>) {
        state.withLock { $0.outcome = outcome }
        wake()
    }

    func stop() { state.withLock { $0.isStopped = true } }

    func wait() async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.waiting = continuation }
            wake()
        }
    }

    /// Resumes whoever waits, if there is something to take.
    private func wake() {
        let waiting = state.withLock { state in
            guard state.event != nil || state.outcome != nil else {
                return nil as CheckedContinuation<Void, Never>?
            }
            return state.waiting.take()
        }
        waiting?.resume()
    }

    func take() throws(JamError) -> Event? {
        let (event, outcome) = state.withLock { ($0.event.take(), $0.outcome) }
        if let event { return event }
        try outcome?.get()
        return nil
    }
}

/// The end of work that was stopped.
private struct Interruption: UserError {
    let consequence: String
    var kind: ErrorKind { .interrupted }
    var description: String { "interrupted" + (consequence.isEmpty ? "" : "; " + consequence) }
}

/// A bug: an error that is not meant for users.
private struct Unexpected: UserError {
    let error: any Error
    var kind: ErrorKind { .internalFailure }
    var description: String { "a bug of jam: \(error)" }
}
