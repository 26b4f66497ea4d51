internal import Basics
internal import Documents
internal import Vocabulary

/// The choices of instruction tuning.
public struct InstructOptions: Sendable, Equatable {
    /// The share of the conversations with a picture of the assistant in which `<mask:0>` stands for
    /// each text and only that picture is learned: what classifier-free guidance compares with.
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
        if dropsText, let example = drawing(sequence.withoutText(in: space)) { return example }
        let tokens = sequence.tokens
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

    /// Learns the codes of the assistant's pictures alone; `nil` where there are none.
    private static func drawing(_ sequence: TokenSequence) -> TrainingExample? {
        let drawn = sequence.pieces.filter { $0.kind == .picture && $0.speaker == .assistant }
        guard !drawn.isEmpty else { return nil }
        var weights = [Float](repeating: 0, count: sequence.tokens.count)
        for piece in drawn {
            for place in piece.range { weights[place] = 1 }
        }
        return TrainingExample(tokens: sequence.tokens, weights: weights)
    }
}
