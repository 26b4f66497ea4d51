public import Decoders
public import Documents
internal import Tensors
public import Vision
public import Vocabulary

/// Answers prompts in words and pictures with one model.
///
/// It belongs to one thread, as its model does.
public final class Generator {
    /// The model that predicts the next token.
    public let model: any LanguageModel
    /// The most tokens that the model was made for.
    public let contextLength: Int
    /// The model's vocabulary.
    public let tokenizer: Tokenizer
    /// The model's image tokenizer; `nil` for a model of text alone.
    public let coder: (any PictureCoder)?

    /// Puts together what belongs together.
    ///
    /// - Parameters:
    ///   - model: predicts the next token.
    ///   - contextLength: the most tokens that the model was made for.
    ///   - tokenizer: the model's vocabulary.
    ///   - coder: the model's image tokenizer; `nil` for a model of text alone.
    /// - Throws: ``GenerationError`` if the parts do not fit.
    public init(
        model: any LanguageModel,
        contextLength: Int,
        tokenizer: Tokenizer,
        coder: (any PictureCoder)?
    ) throws(GenerationError) {
        let space = tokenizer.space
        guard space.count <= model.vocabularySize else {
            throw .vocabularyTooLarge(tokens: space.count, rows: model.vocabularySize)
        }
        try space.require(.end, for: "every answer")
        if let coder {
            guard coder.codeCount == space.image.count else {
                throw .codesDiffer(tokenizer: coder.codeCount, vocabulary: space.image.count)
            }
            try space.require(.pictureStart, for: "a picture")
        }
        self.model = model
        self.contextLength = contextLength
        self.tokenizer = tokenizer
        self.coder = coder
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
    public func generate(
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
    ///     leave room for a picture and a quarter of the context for words; empty for none at all.
    ///   - options: how.
    ///   - onEvent: told the number of the prompt and what comes.
    ///   - isCancelled: asked before every token; then all answers end as they are.
    /// - Returns: the answers in the order of the prompts.
    /// - Throws: ``GenerationError``, and what the image tokenizer and the engine throw.
    public func generate(
        batch prompts: [Document],
        behind retrieved: [[Document]] = [],
        _ options: GenerationOptions,
        onEvent: @escaping (Int, GenerationEvent) -> Void = { _, _ in },
        isCancelled: () -> Bool = { Task.isCancelled }
    ) throws -> [Generated] {
        precondition(retrieved.isEmpty || retrieved.count == prompts.count, "one list a prompt")
        let pictures = try possiblePictures(options)
        let context = try context(options)
        let codesPerPicture = coder?.codesPerPicture ?? 0
        let least = InterleavingMachine.leastRoom(for: pictures, codesPerPicture: codesPerPicture)
        let usual = InterleavingMachine.leastRoom(
            for: pictures.atLeastOne,
            codesPerPicture: codesPerPicture
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
            let prompt = try Prompt(document, tokenizer, coder)
            guard context - prompt.tokens.count >= least else {
                throw GenerationError.promptTooLong(
                    prompt: prompt.tokens.count,
                    answer: least,
                    context: context
                )
            }
            let others = retrieved.isEmpty ? [] : retrieved[index]
            made.append(
                try prompt.behind(others, length: context - usualRoom, tokenizer, coder)
            )
        }
        let answers = made.enumerated().map { index, prompt in
            let room = context - prompt.tokens.count
            return Answer(
                to: prompt,
                tokenizer,
                codesPerPicture: codesPerPicture,
                contrast: options.contrast(of: index),
                seed: options.seed &+ UInt64(index),
                machine: InterleavingMachine(
                    space: tokenizer.space,
                    codesPerPicture: codesPerPicture,
                    pictures: pictures,
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

    /// Whether it draws pictures.
    public var draws: Bool {
        guard let coder else { return false }
        return (try? coder.checkDecodes()) != nil
    }

    private func possiblePictures(_ options: GenerationOptions) throws -> PictureCount {
        guard let coder else {
            guard options.pictureCount.minimum == 0 else { throw GenerationError.noPictures }
            return .none
        }
        do {
            try coder.checkDecodes()
        } catch {
            // It sees pictures and cannot draw any, which no text has to wait for.
            guard options.pictureCount.minimum == 0 else { throw error }
            return .none
        }
        if options.contrasts.contains(where: { !$0.guides.isEmpty }),
            options.pictureCount.maximum > 0
        {
            try tokenizer.space.require(.mask(0), for: "guidance")
        }
        return options.pictureCount
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
