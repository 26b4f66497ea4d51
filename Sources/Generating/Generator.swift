package import Decoders
package import Documents
internal import Tensors
package import Vision
package import Vocabulary

/// Answers prompts in words and images with one model.
///
/// It belongs to one thread, as its model does.
package final class Generator {
    /// The model that predicts the next token.
    package let model: any LanguageModel
    /// The most tokens that the model was made for.
    package let contextLength: Int
    /// The model's vocabulary.
    package let tokenizer: Tokenizer
    /// The model's image tokenizer; `nil` for a model of text alone.
    package let imageTokenizer: (any ImageTokenizer)?

    /// Puts together what belongs together.
    ///
    /// - Parameters:
    ///   - model: predicts the next token.
    ///   - contextLength: the most tokens that the model was made for.
    ///   - tokenizer: the model's vocabulary.
    ///   - image tokenizer: the model's image tokenizer; `nil` for a model of text alone.
    /// - Throws: ``GenerationError`` if the parts do not fit.
    package init(
        model: any LanguageModel,
        contextLength: Int,
        tokenizer: Tokenizer,
        imageTokenizer: (any ImageTokenizer)?
    ) throws(GenerationError) {
        let space = tokenizer.space
        guard space.count <= model.vocabularySize else {
            throw .vocabularyTooLarge(tokens: space.count, rows: model.vocabularySize)
        }
        try space.require(.end, for: "every answer")
        if let imageTokenizer {
            guard imageTokenizer.codeCount == space.image.count else {
                throw .codesDiffer(
                    tokenizer: imageTokenizer.codeCount,
                    vocabulary: space.image.count
                )
            }
            try space.require(.imageStart, for: "an image")
        }
        self.model = model
        self.contextLength = contextLength
        self.tokenizer = tokenizer
        self.imageTokenizer = imageTokenizer
    }

    /// Answers one prompt.
    ///
    /// - Parameters:
    ///   - prompt: a document to go on with, or a conversation to answer.
    ///   - options: how.
    ///   - onEvent: told what comes as it comes.
    ///   - isCancelled: asked before every token; then the answer ends as it is.
    /// - Returns: the answer, and how it came about.
    /// - Throws: ``GenerationError``, and what the image tokenizer and the engine throw.
    package func generate(
        _ prompt: Document,
        _ options: GenerationOptions,
        onEvent: @escaping (GenerationEvent) -> Void = { _ in },
        isCancelled: () -> Bool = { Task.isCancelled }
    ) throws -> Generated {
        try generate(
            batch: [prompt],
            options,
            onEvent: { onEvent($1) },
            isCancelled: isCancelled
        )[0]
    }

    /// Answers several prompts side by side, which takes far less time than one after the other.
    ///
    /// The seed of the answer number i is that of the options plus i.
    ///
    /// - Parameters:
    ///   - prompts: as many as the memory holds keys and values for, twice or thrice that with
    ///     guides.
    ///   - retrieved: for each prompt, documents that stand before it, the nearest last, as far as they
    ///     leave room for an image and a quarter of the context for words; empty for none at all.
    ///   - options: how.
    ///   - onEvent: told the number of the prompt and what comes.
    ///   - isCancelled: asked before every token; then all answers end as they are.
    /// - Returns: the answers in the order of the prompts.
    /// - Throws: ``GenerationError``, and what the image tokenizer and the engine throw.
    package func generate(
        batch prompts: [Document],
        behind retrieved: [[Document]] = [],
        _ options: GenerationOptions,
        onEvent: @escaping (Int, GenerationEvent) -> Void = { _, _ in },
        isCancelled: () -> Bool = { Task.isCancelled }
    ) throws -> [Generated] {
        precondition(retrieved.isEmpty || retrieved.count == prompts.count, "one list a prompt")
        let images = try possibleImages(options)
        let context = try context(options)
        let codesPerImage = imageTokenizer?.codesPerImage ?? 0
        let least = InterleavingMachine.leastRoom(for: images, codesPerImage: codesPerImage)
        let usual = InterleavingMachine.leastRoom(
            for: images.atLeastOne,
            codesPerImage: codesPerImage
        )
        let usualRoom = usual + min(options.maximumTextTokens, context / 4)
        var made: [Prompt] = []
        for (index, document) in prompts.enumerated() {
            // Candidates for one answer have one prompt.
            if index > 0, document == prompts[index - 1],
                retrieved.isEmpty || retrieved[index] == retrieved[index - 1]
            {
                made.append(made[index - 1])
                continue
            }
            let prompt = try Prompt(document, tokenizer, imageTokenizer)
            guard context - prompt.tokens.count >= least else {
                throw GenerationError.promptTooLong(
                    prompt: prompt.tokens.count,
                    answer: least,
                    context: context
                )
            }
            let others = retrieved.isEmpty ? [] : retrieved[index]
            made.append(
                try prompt.behind(others, length: context - usualRoom, tokenizer, imageTokenizer)
            )
        }
        let answers = made.enumerated().map { index, prompt in
            let room = context - prompt.tokens.count
            return Answer(
                to: prompt,
                tokenizer,
                codesPerImage: codesPerImage,
                contrast: options.contrast(of: index),
                seed: options.seed &+ UInt64(index),
                machine: InterleavingMachine(
                    space: tokenizer.space,
                    codesPerImage: codesPerImage,
                    images: images,
                    maximumTextTokens: options.maximumTextTokens,
                    room: room
                ),
                onEvent: { onEvent(index, $0) }
            )
        }
        return try finish(answers, options, isCancelled)
    }

    /// Generates to the end, all side by side.
    func finish(
        _ answers: [Answer],
        _ options: GenerationOptions,
        _ isCancelled: () -> Bool
    ) throws -> [Generated] {
        try GenerationLoop(self, options, answers).run(isCancelled: isCancelled)
        return answers.map(\.generated)
    }

    /// Whether it draws images.
    package var draws: Bool {
        guard let imageTokenizer else { return false }
        return (try? imageTokenizer.checkDecodes()) != nil
    }

    private func possibleImages(_ options: GenerationOptions) throws -> ImageCount {
        guard let imageTokenizer else {
            guard options.imageCount.minimum == 0 else { throw GenerationError.noImages }
            return .none
        }
        do {
            try imageTokenizer.checkDecodes()
        } catch {
            // It sees images and cannot draw any, which no text has to wait for.
            guard options.imageCount.minimum == 0 else { throw error }
            return .none
        }
        if options.contrasts.contains(where: { !$0.guides.isEmpty }),
            options.imageCount.maximum > 0
        {
            try tokenizer.space.require(.mask(0), for: "guidance")
        }
        return options.imageCount
    }

    /// The most tokens of prompt and answer together.
    func context(_ options: GenerationOptions) throws -> Int {
        guard let limit = options.contextLimit else { return contextLength }
        guard limit <= contextLength else {
            throw GenerationError.contextTooLong(asked: limit, model: contextLength)
        }
        return limit
    }
}
