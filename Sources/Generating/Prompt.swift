internal import Documents
internal import Vision
internal import Vocabulary

/// What an answer follows, as tokens.
struct Prompt {
    /// `<eos>`, the segments, and in a conversation the marker that lets the assistant speak.
    let tokens: [TokenID]
    /// The same with its texts masked.
    let withoutText: [TokenID]
    /// Who gives the answer.
    let speaker: Speaker?

    /// Encodes `document`; its texts are plain text whatever they spell.
    init(_ document: Document, _ tokenizer: Tokenizer, _ coder: (any PictureCoder)?) throws {
        let space = tokenizer.space
        let isConversation = document.segments.contains { $0.speaker != nil }
        let sequence = try TokenSequence(
            document,
            in: space,
            isPrompt: true,
            text: tokenizer.encode,
            picture: { picture in
                guard let codes = try coder?.encode([picture]).first else {
                    throw GenerationError.noPictures
                }
                return codes
            }
        )
        tokens = sequence.tokens
        withoutText =
            space.markers[.mask(0)] == nil ? tokens : sequence.withoutText(in: space).tokens
        speaker = isConversation ? .assistant : nil
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
