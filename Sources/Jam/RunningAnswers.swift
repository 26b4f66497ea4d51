internal import Basics
internal import Generating
internal import Models
internal import Synchronization

/// The answers that a model generates at present, a token of all in each step, and those that wait.
///
/// It belongs to the model's thread.
final class RunningAnswers {
    /// Answers that somebody waits for together.
    private struct Group {
        let answers: [AnswerInProgress]
        let cancellation: Cancellation
        let continuation: CheckedContinuation<[Answer], any Error>

        var isFinished: Bool { answers.allSatisfy(\.isFinished) }

        /// Ends what is unfinished if nobody wants it any more.
        func cancelIfUnwanted() {
            guard cancellation.isCancelled else { return }
            for answer in answers where !answer.isFinished { answer.cancel() }
        }

        func finish() {
            continuation.resume(
                with: Result { try withJamErrors { try answers.map { try $0.finished() } } }
            )
        }
    }

    private let limit: Int
    private let prefixes: PrefixCache
    private var loop: GenerationLoop?
    private var groups: [Group] = []
    private var waiting: [Group] = []

    /// - Parameters:
    ///   - limit: how many answers are generated at a time, but for a larger group alone.
    ///   - prefixCacheBytes: the memory for what earlier answers have read.
    init(limit: Int, prefixCacheBytes: Int) {
        self.limit = limit
        prefixes = PrefixCache(byteLimit: prefixCacheBytes)
    }

    var isEmpty: Bool { groups.isEmpty && waiting.isEmpty }

    /// Adds answers behind those that wait.
    func add(
        _ answers: [AnswerInProgress],
        _ cancellation: Cancellation,
        _ continuation: CheckedContinuation<[Answer], any Error>
    ) {
        waiting.append(
            Group(answers: answers, cancellation: cancellation, continuation: continuation)
        )
    }

    /// Begins answers that waited and have room, and generates a token of each answer.
    func step(_ model: MultimodalModel) {
        for group in groups + waiting { group.cancelIfUnwanted() }
        resumeFinished()
        do {
            try withJamErrors {
                let loop = try loop ?? GenerationLoop(model, prefixes)
                self.loop = loop
                admit(to: loop)
                try loop.step()
            }
        } catch {
            // The batch is lost, and with it all who had a part in it.
            for group in groups + (loop == nil ? waiting : []) {
                group.continuation.resume(throwing: error)
            }
            if loop == nil { waiting = [] }
            (loop, groups) = (nil, [])
        }
        resumeFinished()
    }

    private func resumeFinished() {
        for group in groups + waiting where group.isFinished { group.finish() }
        groups.removeAll(where: \.isFinished)
        waiting.removeAll(where: \.isFinished)
    }

    /// Begins the answers of who waited longest, as far as there is room.
    private func admit(to loop: GenerationLoop) {
        while let next = waiting.first {
            let count = groups.reduce(0) { $0 + $1.answers.count { !$0.isFinished } }
            guard count == 0 || count + next.answers.count <= limit else { return }
            loop.add(next.answers)
            groups.append(waiting.removeFirst())
        }
    }
}

/// Whether who waited for answers has gone; told from any thread.
final class Cancellation: Sendable {
    private let flag = Atomic(false)

    var isCancelled: Bool { flag.load(ordering: .relaxed) }

    func cancel() { flag.store(true, ordering: .relaxed) }
}
