internal import Documents
internal import Vision
internal import Vocabulary

/// What an answer follows, as tokens.
struct Prompt {
    /// What was retrieved, `<eos>`, the segments, and in a conversation the special token that lets the
    /// assistant speak.
    private(set) var tokens: [TokenID]
    /// The same with its texts masked.
    let withoutText: [TokenID]
    /// The same with all that is said and shown as one mask.
    let withoutAll: [TokenID]
    /// Who gives the answer.
    let role: Role?
    /// How many documents that were retrieved stand before it.
    private(set) var documentCount = 0

    /// Encodes `document`; its texts are plain text whatever they spell.
    init(_ document: Document, _ tokenizer: Tokenizer, _ imageTokenizer: (any ImageTokenizer)?)
        throws
    {
        let space = tokenizer.space
        let isConversation = document.segments.contains { $0.role != nil }
        let sequence = try TokenSequence(document, isPrompt: true, tokenizer, imageTokenizer)
        tokens = sequence.tokens
        let canMask = space.specialTokens[.mask(0)] != nil
        withoutText = canMask ? sequence.withoutText(in: space).tokens : tokens
        withoutAll = canMask ? sequence.withoutAll(in: space) : tokens
        role = isConversation ? .assistant : nil
    }

    /// The same prompt behind whole documents that may help with it, of which the last are the nearest.
    ///
    /// What would make it longer than `length` is left out, and what is farther. The guides read the
    /// prompt alone: guidance leads towards what was found, too.
    func behind(
        _ documents: [Document],
        length: Int,
        _ tokenizer: Tokenizer,
        _ imageTokenizer: (any ImageTokenizer)?
    ) throws -> Prompt {
        guard imageTokenizer != nil || documents.allSatisfy(\.images.isEmpty) else {
            throw GenerationError.imagesRetrieved
        }
        var prompt = self
        for document in documents.reversed() {
            let sequence = try TokenSequence(document, isPrompt: false, tokenizer, imageTokenizer)
            let whole = sequence.tokensBeforeNext + prompt.tokens
            guard whole.count <= length else { break }
            prompt.tokens = Array(whole)
            prompt.documentCount += 1
        }
        return prompt
    }

    /// Encodes a caption and an image around a hole, as the CM3 objective leaves them:
    /// `<eos> caption <break> codes <mask:0> codes <infill> <mask:0>`.
    ///
    /// The guides read the same without the caption.
    init(_ hole: ImageHole, caption: String, _ tokenizer: Tokenizer) {
        let space = tokenizer.space
        let codes = hole.codes.map(space.token(imageCode:))
        let image =
            [space[.imageStart]] + codes[..<hole.span.lowerBound] + [space[.mask(0)]]
            + codes[hole.span.upperBound...] + [space[.infill], space[.mask(0)]]
        tokens = [space[.end]] + tokenizer.encode(caption) + image
        withoutText = [space[.end]] + image
        withoutAll = withoutText
        role = nil
    }
}

extension TokenSequence {
    /// Encodes a document with a model's tokenizers.
    fileprivate init(
        _ document: Document,
        isPrompt: Bool,
        _ tokenizer: Tokenizer,
        _ imageTokenizer: (any ImageTokenizer)?
    ) throws {
        try self.init(
            document,
            in: tokenizer.space,
            isPrompt: isPrompt,
            text: tokenizer.encode,
            image: { image in
                guard let codes = try imageTokenizer?.encode([image]).first else {
                    throw GenerationError.noImages
                }
                return codes
            }
        )
    }
}

extension TokenSpace {
    /// Refuses a vocabulary without `specialToken`, which `need` needs.
    func require(_ specialToken: SpecialToken, for need: String) throws(GenerationError) {
        guard specialTokens[specialToken] != nil else {
            throw .specialTokenMissing(spelling: specialToken.spelling, need: need)
        }
    }
}
