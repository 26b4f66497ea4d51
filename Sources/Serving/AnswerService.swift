internal import Basics
internal import Dispatch
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Jam
internal import Synchronization

/// The model behind the routes: lets requests in, counts them, and hands them to the model in order.
final class AnswerService: Sendable {
    let model: Model
    let clip: CLIPModel?
    let bank: MemoryBank?
    let settings: ServerSettings
    let metrics = Metrics()
    /// What `/v1/models` says of the model, and of the CLIP model.
    let descriptions: [JSON]
    /// The dimensions of an embedding; 0 without a CLIP model.
    let embeddingWidth: Int
    let holdsConversations: Bool
    let drawsImages: Bool
    let inpaints: Bool
    private let unfinished = Mutex(0)
    /// Where requests are read, those with files apart: to decode images takes long.
    private let reading = DispatchQueue(label: "jam.serve.reading")
    private let readingFiles = DispatchQueue(label: "jam.serve.files")

    init(
        _ model: Model,
        _ clip: CLIPModel?,
        _ bank: MemoryBank?,
        _ settings: ServerSettings
    ) async {
        self.model = model
        self.clip = clip
        self.bank = bank
        self.settings = settings
        holdsConversations = await model.hasChatTemplate
        drawsImages = await model.drawsImages
        inpaints = await model.inpaints
        embeddingWidth = await clip?.width ?? 0
        let imageSizes = await model.imageSizes.map { JSON.string("\($0)") }
        let candidates = clip != nil && drawsImages ? CLIPUse.maximumCandidateCount : 1
        let documents = bank == nil ? 0 : CLIPUse.maximumDocumentCount
        let created = JSON.integer(Int(Date.now.timeIntervalSince1970))
        var descriptions: [JSON] = [
            [
                "id": .string(settings.modelName), "object": "model", "created": created,
                "owned_by": "jam", "context_length": .integer(await model.contextLength),
                "chats": .bool(holdsConversations), "draws_images": .bool(drawsImages),
                "reads_images": .bool(drawsImages), "inpaints": .bool(inpaints),
                "image_sizes": .array(imageSizes), "max_candidates": .integer(candidates),
                "max_retrieval": .integer(documents),
            ]
        ]
        if clip != nil {
            descriptions.append([
                "id": .string(settings.clipName), "object": "model", "created": created,
                "owned_by": "jam", "dimensions": .integer(embeddingWidth),
            ])
        }
        self.descriptions = descriptions
    }

    /// What `/v1/models` says of one model.
    func description(of name: String) throws -> JSON {
        if clip != nil, name == settings.clipName, name != settings.modelName {
            return descriptions[1]
        }
        try checkModel(name)
        return descriptions[0]
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

    /// Refuses a request for another model.
    func checkModel(of body: JSONReader) throws {
        try checkModel(body.string("model", default: settings.modelName))
    }

    /// Refuses a request for another model, or for a conversation with one that holds none.
    func checkConverses(_ body: JSONReader) throws {
        try checkModel(of: body)
        guard holdsConversations else {
            throw APIError(
                .badRequest,
                "this model has no chat template, so it holds no conversations; "
                    + "/v1/completions continues a text",
                param: "model"
            )
        }
    }

    /// Lets a request in, unless too many wait.
    ///
    /// - Returns: its place, which it leaves when its answer is made, or at the latest when it is
    ///   released.
    func enter() throws(APIError) -> Place {
        let isFull = unfinished.withLock { count in
            guard count < settings.queueLimit + model.maximumBatchSize else { return true }
            count += 1
            return false
        }
        guard !isFull else {
            metrics.change { $0.refused += 1 }
            throw APIError(
                .tooManyRequests,
                "\(settings.queueLimit) requests wait already; try again soon",
                type: "rate_limit_error",
                code: "queue_full",
                headers: [.retryAfter: "5"]
            )
        }
        return Place(self)
    }

    /// Receives a request of JSON: its body, a place, and what `read` makes of it.
    func receive<Asked: Sendable>(
        _ request: Request,
        _ read: @escaping @Sendable (JSONReader, AnswerService) throws -> Asked
    ) async throws -> (Asked, Place) {
        let bytes = try await request.jsonBytes(settings)
        // A data URL that is spelled in escapes only keeps others waiting.
        let hasFiles = bytes.first(of: Array("data:".utf8), from: 0) != nil
        return try await understood(on: hasFiles ? readingFiles : reading) { [self] in
            try read(JSONReader(requestBody: bytes, settings), self)
        }
    }

    /// Receives a request of JSON or a form with files.
    func receiveForm<Asked: Sendable>(
        _ request: Request,
        _ read: @escaping @Sendable (RequestForm, AnswerService) throws -> Asked
    ) async throws -> (Asked, Place) {
        let (bytes, boundary) = try await request.formBytes(settings)
        return try await understood(on: readingFiles) { [self] in
            try read(RequestForm(bytes, boundary: boundary, settings), self)
        }
    }

    /// Finds a place for a request and reads it, its images decoded: one after the other, off the
    /// threads of the connections.
    private func understood<Asked: Sendable>(
        on queue: DispatchQueue,
        _ read: @escaping @Sendable () throws -> Asked
    ) async throws -> (Asked, Place) {
        let place = try enter()
        let asked = try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try read() }) }
        }
        place.ask()
        return (asked, place)
    }

    /// How many requests wait or are answered.
    var unfinishedCount: Int { unfinished.withLock { $0 } }

    /// The place of a request among those that wait and those that are answered.
    final class Place: Sendable {
        private enum State { case entered, asked, left }

        private let service: AnswerService
        private let start = ContinuousClock.now
        private let state = Mutex(State.entered)

        fileprivate init(_ service: AnswerService) { self.service = service }

        /// The request is understood: from now on it counts.
        func ask() {
            state.withLock { $0 = .asked }
            service.metrics.change { $0.requests += 1 }
        }

        /// Counts an answer.
        func count(_ answer: Answer) { count([answer]) }

        /// Counts the answers to one prompt, which is read once.
        func count(_ answers: [Answer]) {
            let counts = KeptAnswers([], of: answers).counts
            service.metrics.change {
                $0.promptTokens += counts.prompt
                $0.cachedPromptTokens += counts.cachedPrompt
                $0.textTokens += counts.text
                $0.imageCodes += counts.image
                $0.images += answers.reduce(0) { $0 + $1.codes.count }
            }
        }

        /// Counts tokens that were embedded.
        func count(promptTokens: Int) {
            service.metrics.change { $0.promptTokens += promptTokens }
        }

        /// Leaves the queue, answered.
        func finish() { leave(isAnswered: true) }

        private func leave(isAnswered: Bool) {
            let before = state.withLock { state in
                defer { state = .left }
                return state
            }
            guard before != .left else { return }
            service.unfinished.withLock { $0 -= 1 }
            guard before == .asked else { return }
            let seconds = start.duration(to: .now) / .seconds(1)
            service.metrics.change {
                if isAnswered {
                    $0.answered += 1
                    $0.seconds += seconds
                } else {
                    $0.incomplete += 1
                }
            }
        }

        deinit { leave(isAnswered: false) }
    }
}
