internal import Basics
internal import Documents
internal import Vocabulary

/// The choices of instruction tuning.
public struct InstructOptions: Sendable, Equatable {
    /// The share of conversations in which `<mask:0>` stands for each text of the user, so that
    /// classifier-free guidance has something to compare with.
    public var textDropShare: Double

    /// Sets the share, from 0 to 1.
    public init(textDropShare: Double = 0) {
        precondition((0...1).contains(textDropShare))
        self.textDropShare = textDropShare
    }
}

extension TrainingExample {
    /// Learns what the assistant says, pictures with their `<break>` and the closing `<eos>`
    /// included, and nothing else.
    static func instruct(
        _ sequence: TokenSequence,
        _ options: InstructOptions,
        in space: TokenSpace,
        using generator: inout SeededGenerator
    ) -> TrainingExample {
        let dropsText = generator.nextUniform() < options.textDropShare
        let tokens = dropsText ? sequence.withoutUserText(in: space) : sequence.tokens
        let speakers = Dictionary(
            uniqueKeysWithValues: Speaker.allCases.compactMap { speaker in
                space.markers[speaker.marker].map { ($0, speaker) }
            }
        )
        var speaker: Speaker?
        let weights = tokens.map { token -> Float in
            if let next = speakers[token] {
                speaker = next
                return 0
            }
            defer { if token == space[.end] { speaker = nil } }
            return speaker == .assistant ? 1 : 0
        }
        return TrainingExample(tokens: tokens, weights: weights)
    }
}

extension TokenSequence {
    /// The tokens with `<mask:0>` in place of each text of the user.
    func withoutUserText(in space: TokenSpace) -> [TokenID] {
        var result: [TokenID] = []
        var copied = 0
        for piece in pieces
        where piece.kind == .text && piece.speaker == .user && !piece.range.isEmpty {
            result += tokens[copied..<piece.range.lowerBound]
            result.append(space[.mask(0)])
            copied = piece.range.upperBound
        }
        return result + tokens[copied...]
    }
}
