internal import Basics
internal import Foundation
internal import HTTPTypes
internal import Jam
internal import Synchronization

/// The model behind the routes: lets requests in, counts them, and hands them to the model in order.
final class AnswerService: Sendable {
    let model: Model
    let settings: ServerSettings
    let metrics = Metrics()
    /// What `/v1/models` says of it.
    let description: JSON
    let holdsConversations: Bool
    let drawsImages: Bool
    private let unfinished = Mutex(0)

    init(_ model: Model, _ settings: ServerSettings) async {
        self.model = model
        self.settings = settings
        holdsConversations = await model.hasChatTemplate
        drawsImages = await model.drawsImages
        description = [
            "id": .string(settings.modelName), "object": "model",
            "created": .integer(Int(Date.now.timeIntervalSince1970)), "owned_by": "jam",
            "context_length": .integer(await model.contextLength),
            "chats": .bool(holdsConversations),
            "draws_images": .bool(drawsImages),
            "reads_images": .bool(drawsImages),
        ]
    }

    /// Refuses a name that is not the model's.
    func checkModel(_ name: String) throws(APIError) {
        guard name == settings.modelName else {
            throw APIError(
                .notFound,
                "the model \(name.quoted(60)) is not here; this server has "
                    + "\"\(settings.modelName)\"",
                param: "model",
                code: "model_not_found"
            )
        }
    }

    /// Lets a request in, unless too many wait.
    ///
    /// - Returns: its place, which is given back when it is released.
    func enter() throws(APIError) -> Place {
        let isFull = unfinished.withLock { count in
            guard count <= settings.queueLimit else { return true }
            count += 1
            return false
        }
        guard !isFull else {
            metrics.add(\.refused)
            throw APIError(
                .tooManyRequests,
                "\(settings.queueLimit) requests wait already; try again soon",
                type: "rate_limit_error",
                code: "queue_full",
                headers: [.retryAfter: "5"]
            )
        }
        metrics.add(\.requests)
        return Place(self)
    }

    /// How many requests wait or are answered.
    var unfinishedCount: Int { unfinished.withLock { $0 } }

    /// The place of a request among those that wait and the one that is answered.
    final class Place: Sendable {
        private let service: AnswerService
        private let start = ContinuousClock.now
        private let isAnswered = Atomic(false)

        fileprivate init(_ service: AnswerService) { self.service = service }

        /// Counts a finished answer.
        func count(_ answer: Answer) {
            isAnswered.store(true, ordering: .relaxed)
            service.metrics.count(answer, since: start)
        }

        deinit {
            service.unfinished.withLock { $0 -= 1 }
            if !isAnswered.load(ordering: .relaxed) { service.metrics.add(\.incomplete) }
        }
    }
}
