internal import Synchronization
public import Training

/// The events of a training; see ``TrainingRun/start(resuming:)``.
public struct TrainingEvents: AsyncSequence, Sendable {
    /// What the training reports.
    public typealias Element = TrainingEvent

    let train: @Sendable (@escaping @Sendable (TrainingEvent) -> Void) async throws -> Void

    /// Begins the training.
    public func makeAsyncIterator() -> Iterator { Iterator(work: Work(train)) }

    /// Iterates over the events.
    public struct Iterator: AsyncIteratorProtocol {
        let work: Work

        /// The next event; `nil` when the training is done.
        public mutating func next() async throws -> TrainingEvent? {
            try await withTaskCancellationHandler {
                try await work.queue.next()
            } onCancel: { [work] in
                work.task.cancel()
            }
        }
    }

    /// A training that is cancelled when nobody can see its events any longer.
    final class Work: Sendable {
        let queue: EventQueue
        let task: Task<Void, Never>

        init(
            _ train:
                @escaping @Sendable (@escaping @Sendable (TrainingEvent) -> Void) async throws
                -> Void
        ) {
            let queue = EventQueue()
            self.queue = queue
            task = Task {
                do {
                    try await train { queue.put($0) }
                    queue.finish(.success(()))
                } catch {
                    queue.finish(.failure(error))
                }
            }
        }

        deinit { task.cancel() }
    }
}

/// Events on their way to one iterator, which gets all of them even if its task is cancelled,
/// unlike with `AsyncStream`.
final class EventQueue: Sendable {
    private struct State {
        var events: [TrainingEvent] = []
        var outcome: Result<Void, any Error>?
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func put(_ event: TrainingEvent) { update { $0.events.append(event) } }

    func finish(_ outcome: Result<Void, any Error>) { update { $0.outcome = outcome } }

    private func update(_ body: (inout State) -> Void) {
        let waiting = state.withLock { state in
            body(&state)
            return state.waiting.take()
        }
        waiting?.resume()
    }

    /// The next event; `nil` after the last one.
    func next() async throws -> TrainingEvent? {
        while true {
            let (event, outcome) = state.withLock { state in
                (state.events.isEmpty ? nil : state.events.removeFirst(), state.outcome)
            }
            if let event { return event }
            if let outcome {
                try outcome.get()
                return nil
            }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    let isReady = !state.events.isEmpty || state.outcome != nil
                    if !isReady { state.waiting = continuation }
                    return isReady
                }
                if isReady { continuation.resume() }
            }
        }
    }
}
