public import Documents
public import Generating
internal import Tensors

extension Model {
    /// Answers a question, in a conversation that it begins.
    ///
    /// - Parameters:
    ///   - question: what the user says.
    ///   - images: images that the user shows after it.
    ///   - options: how the answer is generated.
    /// - Returns: the answer as it comes; see ``answer(_:retrieved:options:)-(Document,_,_)``.
    public nonisolated func answer(
        _ question: String,
        images: [Image] = [],
        options: AnswerOptions = AnswerOptions()
    ) -> AnswerStream {
        let shown = images.map { Segment.image($0, role: .user) }
        return answer(Document([.text(question, role: .user)] + shown), options: options)
    }

    /// Continues a document, or answers a conversation.
    ///
    /// Generation begins at once, or when as many answers as the model's ``maximumBatchSize`` are no
    /// longer being generated; a token of all of them is one pass, and an answer is the same whatever else is being
    /// answered. It ends early, within one token, when the task that iterates is
    /// cancelled, or the stream is released.
    ///
    /// - Parameters:
    ///   - prompt: a conversation, whose segments have roles, or a document without roles.
    ///   - retrieved: documents that precede it, the nearest last, as far as they fit.
    ///   - options: how the answer is generated.
    /// - Returns: the answer as it comes. Iterating throws `JamError`.
    public nonisolated func answer(
        _ prompt: Document,
        retrieved: [Document] = [],
        options: AnswerOptions = AnswerOptions()
    ) -> AnswerStream {
        AnswerStream { onEvent in
            try await self.answers(
                to: [prompt],
                retrieved: retrieved.isEmpty ? [] : [retrieved],
                options: options
            ) { onEvent($1) }[0]
        }
    }

    /// Begins an answer, and returns when its prompt is understood: what is wrong with the prompt or the
    /// options is thrown here, and not by the stream.
    ///
    /// - Returns: the answer as it comes; see ``answer(_:retrieved:options:)-(Document,_,_)``.
    /// - Throws: `JamError`, for example where the prompt is longer than the context.
    public nonisolated func begin(
        _ prompt: Document,
        retrieved: [Document] = [],
        options: AnswerOptions = AnswerOptions()
    ) async throws -> AnswerStream {
        try await AnswerStream.begun { onBegin, onEvent in
            try await self.answers(
                to: [prompt],
                retrieved: retrieved.isEmpty ? [] : [retrieved],
                options: options,
                onBegin: onBegin
            ) { onEvent($1) }[0]
        }
    }

    /// Answers several prompts in one batch, in far less time than one after the other.
    ///
    /// - Parameters:
    ///   - prompts: conversations or documents.
    ///   - retrieved: one list for each prompt, of documents that precede it; empty for none at all.
    ///   - options: how the answers are generated; answer number i has the seed plus i.
    /// - Returns: the answers in the order of the prompts.
    /// - Throws: `JamError`.
    public func answers(
        to prompts: [Document],
        retrieved: [[Document]] = [],
        options: AnswerOptions = AnswerOptions()
    ) async throws -> [Answer] {
        try await answers(to: prompts, retrieved: retrieved, options: options) { _, _ in }
    }

    /// Draws a region of an image again, by a caption of the whole image.
    ///
    /// - Parameters:
    ///   - inpainting: the image, the region and the caption.
    ///   - options: how codes are chosen; numbers of images and text tokens have no effect.
    /// - Returns: an answer of one image, of the image tokenizer's size.
    public nonisolated func inpaint(
        _ inpainting: Inpainting,
        options: AnswerOptions = AnswerOptions()
    ) -> AnswerStream {
        AnswerStream { onEvent in
            try await self.inpaintings([inpainting], options: options) { onEvent($1) }[0]
        }
    }

    /// Begins to draw a region again, and returns when the model has read what is around it, as
    /// ``begin(_:retrieved:options:)``.
    ///
    /// - Throws: `JamError`, for example where the region lies outside of what the model sees.
    public nonisolated func begin(
        _ inpainting: Inpainting,
        options: AnswerOptions = AnswerOptions()
    ) async throws -> AnswerStream {
        try await AnswerStream.begun { onBegin, onEvent in
            try await self.inpaintings([inpainting], options: options, onBegin: onBegin) {
                onEvent($1)
            }[0]
        }
    }

    /// Draws regions of several images in one batch.
    ///
    /// - Throws: `JamError`.
    public func inpaintings(
        _ inpaintings: [Inpainting],
        options: AnswerOptions = AnswerOptions()
    ) async throws -> [Answer] {
        try await self.inpaintings(inpaintings, options: options) { _, _ in }
    }

    private func answers(
        to prompts: [Document],
        retrieved: [[Document]],
        options: AnswerOptions,
        onBegin: () -> Void = {},
        onEvent: @escaping (Int, AnswerEvent) -> Void
    ) async throws -> [Answer] {
        try await finished(onBegin) {
            try model.begin(prompts, retrieved: retrieved, options, onEvent: onEvent)
        }
    }

    private func inpaintings(
        _ inpaintings: [Inpainting],
        options: AnswerOptions,
        onBegin: () -> Void = {},
        onEvent: @escaping (Int, AnswerEvent) -> Void
    ) async throws -> [Answer] {
        try await finished(onBegin) { try model.begin(inpaintings, options, onEvent: onEvent) }
    }

    /// Generates answers beside those that others wait for.
    private func finished(
        _ onBegin: () -> Void,
        _ begin: () throws -> [AnswerInProgress]
    ) async throws -> [Answer] {
        // Who waited may be gone.
        if Task.isCancelled { throw JamError(Cancelled()) }
        let answers = try withJamErrors { try withTorchErrors { try begin() } }
        onBegin()
        let cancellation = Cancellation()
        let finished = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                running.add(answers, cancellation, continuation)
                drive()
            }
        } onCancel: {
            cancellation.cancel()
        }
        if Task.isCancelled { throw JamError(Cancelled()) }
        return finished
    }

    /// Generates, token by token, until nobody waits; what is asked meanwhile joins in.
    private func drive() {
        guard !isDriving else { return }
        isDriving = true
        step()
    }

    /// Generates a token of each answer, and then the next ones behind what else waits for the thread.
    ///
    /// A task for each step begins on this thread; one that yields would go through the threads of all
    /// tasks between two tokens.
    private func step() {
        // Not at the priority of who happened to ask first.
        Task(priority: .userInitiated) {
            running.step(model)
            if running.isEmpty { isDriving = false } else { step() }
        }
    }
}
