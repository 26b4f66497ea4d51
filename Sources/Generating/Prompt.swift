internal import Documents
internal import Vision
internal import Vocabulary

/// What an answer follows, as tokens.
struct Prompt {
    /// What was retrieved, `<eos>`, the segments, and in a conversation the marker that lets the
    /// assistant speak.
    let tokens: [TokenID]
    /// The same with its texts masked.
    let withoutText: [TokenID]
    /// The same with all that is said and shown as one mask.
    let withoutAll: [TokenID]
    /// Who gives the answer.
    let speaker: Speaker?

    /// Encodes `document` behind others, whole ones that may help with it; all texts are plain text
    /// whatever they spell.
    ///
    /// The guides read the document alone: guidance leads towards what was found, too.
    init(
        _ document: Document,
        behind others: [Document] = [],
        _ tokenizer: Tokenizer,
        _ coder: (any PictureCoder)?
    ) throws {
        let space = tokenizer.space
        let isConversation = document.segments.contains { $0.speaker != nil }
        func encoded(_ document: Document, isPrompt: Bool) throws -> TokenSequence {
            try TokenSequence(
                document,
                in: space,
                isPrompt: isPrompt,
                text: tokenizer.encode,
                picture: { picture in
                    guard let codes = try coder?.encode([picture]).first else {
                        throw GenerationError.noPictures
                    }
                    return codes
                }
            )
        }
        let sequence = try encoded(document, isPrompt: true)
        let before = try others.flatMap { try encoded($0, isPrompt: false).tokensBeforeNext }
        tokens = before + sequence.tokens
        let canMask = space.markers[.mask(0)] != nil
        withoutText = canMask ? sequence.withoutText(in: space).tokens : sequence.tokens
        withoutAll = canMask ? sequence.withoutAll(in: space) : sequence.tokens
        speaker = isConversation ? .assistant : nil
    }

    /// Encodes a caption and a picture around a hole, as the CM3 objective leaves them:
    /// `<eos> caption <break> codes <mask:0> codes <infill> <mask:0>`.
    ///
    /// The guides read the same without the caption.
    init(_ hole: PictureHole, caption: String, _ tokenizer: Tokenizer) {
        let space = tokenizer.space
        let codes = hole.codes.map(space.token(imageCode:))
        let picture =
            [space[.pictureStart]] + codes[..<hole.span.lowerBound] + [space[.mask(0)]]
            + codes[hole.span.upperBound...] + [space[.infill], space[.mask(0)]]
        tokens = [space[.end]] + tokenizer.encode(caption) + picture
        withoutText = [space[.end]] + picture
        withoutAll = withoutText
        speaker = nil
    }
}

extension TokenSpace {
    /// Refuses a vocabulary without `marker`, which `need` needs.
    func require(_ marker: Marker, for need: String) throws(GenerationError) {
        guard markers[marker] != nil else {
            throw .markerMissing(spelling: marker.spelling, need: need)
        }
    }
}
