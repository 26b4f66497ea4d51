public import Generating

/// An answer as it comes: text, image progress, images, and at the end the finished answer.
///
/// Iterate it once. Cancelling the task that iterates, or releasing the stream, ends the generation
/// within one token; a cancelled iteration throws a `JamError` of the kind `ErrorKind.interrupted`.
public struct AnswerStream: AsyncSequence, Sendable {
    /// What happens while the answer is generated.
    public typealias Element = AnswerEvent

    private let events: AsyncThrowingStream<AnswerEvent, any Error>

    init(
        _ generate:
            @escaping @Sendable (@escaping @Sendable (AnswerEvent) -> Void) async throws ->
            Answer
    ) {
        events = AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    let answer = try await generate { continuation.yield($0) }
                    continuation.yield(.finished(answer))
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// A stream that is there once `generate` has called its first argument.
    ///
    /// - Throws: what `generate` throws before that.
    static func begun(
        _ generate:
            @escaping @Sendable (
                _ onBegin: @escaping @Sendable () -> Void,
                _ onEvent: @escaping @Sendable (AnswerEvent) -> Void
            ) async throws -> Answer
    ) async throws -> AnswerStream {
        let (beginning, continuation) = AsyncThrowingStream<Void, any Error>.makeStream()
        let stream = AnswerStream { onEvent in
            do {
                return try await generate({ continuation.finish() }, onEvent)
            } catch {
                continuation.finish(throwing: error)
                throw error
            }
        }
        for try await _ in beginning {}
        return stream
    }

    /// Waits for the finished answer.
    ///
    /// - Throws: `JamError`, also if the task is cancelled.
    public func finished() async throws -> Answer {
        for try await case .finished(let answer) in self { return answer }
        throw JamError(Cancelled())
    }

    /// Begins the iteration.
    public func makeAsyncIterator() -> Iterator {
        Iterator(events: events.makeAsyncIterator())
    }

    /// Iterates over the events of an answer.
    public struct Iterator: AsyncIteratorProtocol {
        var events: AsyncThrowingStream<AnswerEvent, any Error>.Iterator

        /// Waits for the next event; `nil` after the last.
        public mutating func next() async throws -> AnswerEvent? {
            if let event = try await events.next() { return event }
            if Task.isCancelled { throw JamError(Cancelled()) }
            return nil
        }
    }
}
