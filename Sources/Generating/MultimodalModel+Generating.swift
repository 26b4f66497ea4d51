package import Documents
package import Models
internal import Vocabulary

extension MultimodalModel {
    /// Answers one prompt; see ``generate(_:retrieved:_:onEvent:isCancelled:)``.
    package func generate(
        _ prompt: Document,
        _ options: AnswerOptions,
        onEvent: @escaping (AnswerEvent) -> Void = { _ in },
        isCancelled: () -> Bool = { Task.isCancelled }
    ) throws -> Answer {
        try generate([prompt], options, onEvent: { onEvent($1) }, isCancelled: isCancelled)[0]
    }

    /// Answers several prompts in one batch, which takes far less time than one after the other.
    ///
    /// - Parameters:
    ///   - prompts: documents to continue, or conversations to answer. Memory must hold the keys and
    ///     values of each, twice or three times with guidance.
    ///   - retrieved: for each prompt, documents that precede it, the nearest last, as far as they
    ///     leave room for an image and for text tokens of a quarter of the context; empty for none.
    ///   - options: how; the seed of answer number i is that of the options plus i.
    ///   - onEvent: takes the number of the prompt and what happens; not the finished answers.
    ///   - isCancelled: asked before every token; then all answers end as they are.
    /// - Returns: the answers in the order of the prompts.
    /// - Throws: ``SettingError``, ``GenerationError``, `ModelError`, and what the image tokenizer
    ///   and the engine throw.
    package func generate(
        _ prompts: [Document],
        retrieved: [[Document]] = [],
        _ options: AnswerOptions,
        onEvent: @escaping (Int, AnswerEvent) -> Void = { _, _ in },
        isCancelled: () -> Bool = { Task.isCancelled }
    ) throws -> [Answer] {
        try finish(
            try begin(prompts, retrieved: retrieved, options, onEvent: onEvent),
            isCancelled
        )
    }

    /// Begins answers that a ``GenerationLoop`` generates; as
    /// ``generate(_:retrieved:_:onEvent:isCancelled:)``, which says what is thrown.
    package func begin(
        _ prompts: [Document],
        retrieved: [[Document]] = [],
        _ options: AnswerOptions,
        onEvent: @escaping (Int, AnswerEvent) -> Void
    ) throws -> [AnswerInProgress] {
        precondition(retrieved.isEmpty || retrieved.count == prompts.count, "one list a prompt")
        try options.check()
        let images = try possibleImages(options)
        let context = try context(options)
        let frames = images.upperBound > 0 ? try frames(options, context: context) : nil
        let encoded = try encode(prompts, retrieved: retrieved, images, frames, options, context)
        let lineEnd = tokenizer.space.lineEnd { tokenizer.text.encode($0) }
        return encoded.enumerated().map { index, prompt in
            AnswerInProgress(
                to: prompt,
                tokenizer,
                options,
                number: index,
                InterleavingMachine(
                    space: tokenizer.space,
                    ends: prompt.role == nil ? [] : tokenizer.conversation?.answerEnds ?? [],
                    frames: frames,
                    images: images,
                    start: prompt.start,
                    lineEnd: lineEnd,
                    endsLine: { [text = tokenizer.text] in text.decode([$0]).contains("\n") },
                    maximumTextTokens: options.maximumTextTokens,
                    room: context - prompt.tokens.count
                ),
                onEvent: { onEvent(index, $0) }
            )
        }
    }

    /// Encodes prompts, with as many retrieved documents as fit.
    private func encode(
        _ prompts: [Document],
        retrieved: [[Document]],
        _ images: ClosedRange<Int>,
        _ frames: FrameHeaders?,
        _ options: AnswerOptions,
        _ context: Int
    ) throws -> [Prompt] {
        let least = InterleavingMachine.leastRoom(for: images, frames)
        let likely = max(images.lowerBound, min(1, images.upperBound))
        let altText =
            tokenizer.space.specialTokens[.altText] == nil
            ? 0 : likely * (1 + InterleavingMachine.longestAltText)
        let reserved =
            max(1, likely * (frames?.usual ?? 0)) + 1 + min(options.maximumTextTokens, context / 4)
            + min(altText, context / 4)
        if tokenizer.image == nil, retrieved.joined().contains(where: { !$0.images.isEmpty }) {
            throw GenerationError.imagesRetrieved
        }
        var encoded: [Prompt] = []
        for (index, document) in prompts.enumerated() {
            let others = retrieved.isEmpty ? [] : retrieved[index]
            // Candidates for one answer share their prompt.
            if index > 0, document == prompts[index - 1],
                retrieved.isEmpty || others == retrieved[index - 1]
            {
                encoded.append(encoded[index - 1])
                continue
            }
            var prompt =
                options.forgetsOldTurns
                ? try Prompt(endOf: document, length: context - reserved, tokenizer)
                : try Prompt(document, tokenizer)
            guard context - prompt.tokens.count >= least else {
                throw GenerationError.promptTooLong(
                    prompt: prompt.tokens.count,
                    answer: least,
                    context: context
                )
            }
            try prompt.precede(by: others, length: context - reserved, tokenizer)
            encoded.append(prompt)
        }
        return encoded
    }

    /// Generates all answers to their ends.
    func finish(
        _ answers: [AnswerInProgress],
        _ isCancelled: () -> Bool
    ) throws -> [Answer] {
        let loop = try GenerationLoop(self)
        loop.add(answers)
        while !loop.isEmpty {
            if isCancelled() {
                for answer in answers where !answer.isFinished { answer.cancel() }
                break
            }
            try loop.step()
        }
        return try answers.map { try $0.finished() }
    }

    private func possibleImages(_ options: AnswerOptions) throws -> ClosedRange<Int> {
        do {
            _ = try tokenizer.decoder()
        } catch {
            // A model without images can answer in words, unless images are required.
            guard options.imageCount.lowerBound == 0 else { throw error }
            return 0...0
        }
        if options.guidances.contains(where: { !$0.branches.isEmpty }),
            options.imageCount.upperBound > 0
        {
            try tokenizer.require(.mask(0), for: "guidance")
        }
        return options.imageCount
    }

    /// The most tokens of prompt and answer together.
    func context(_ options: AnswerOptions) throws -> Int {
        guard let limit = options.contextLimit else { return contextLength }
        guard limit <= contextLength else {
            throw GenerationError.contextTooLong(asked: limit, model: contextLength)
        }
        return limit
    }
}
