internal import Basics
internal import Documents
internal import Vocabulary

/// The options of instruction tuning.
package struct InstructOptions: Sendable, Equatable {
    /// The share of conversations with an image of the assistant in which `<mask:0>` replaces each
    /// text, and only the image has a loss: the unconditional context of classifier-free guidance.
    package var cfgDropout: Double

    package init(cfgDropout: Double = 0) {
        precondition((0...1).contains(cfgDropout))
        self.cfgDropout = cfgDropout
    }
}

extension TrainingExample {
    /// A conversation in which only the assistant's turns have a loss, with the `<break>` of images
    /// and the special token that ends the turn.
    static func instruct(
        _ sequence: TokenSequence,
        _ options: InstructOptions,
        in space: TokenSpace,
        using generator: inout SeededGenerator
    ) -> TrainingExample {
        let dropsText = generator.nextUniform() < options.cfgDropout
        if dropsText, let example = images(of: sequence, in: space) { return example }
        var weights = [Float](repeating: 0, count: sequence.tokens.count)
        for place in sequence.answers.joined() { weights[place] = 1 }
        return TrainingExample(tokens: sequence.tokens, weights: weights)
    }

    /// Without texts, and only images of answers have a loss, but not the token that begins each; `nil`
    /// without any.
    private static func images(of whole: TokenSequence, in space: TokenSpace) -> TrainingExample? {
        let sequence = whole.withoutText(in: space)
        func images(_ sequence: TokenSequence) -> [TokenSequence.Piece] {
            sequence.pieces.filter { $0.kind == .image && !$0.frame.isEmpty }
        }
        let drawn = zip(images(sequence), images(whole))
            .filter { _, own in whole.answers.contains { $0.overlaps(own.range) } }.map(\.0)
        guard !drawn.isEmpty else { return nil }
        var weights = [Float](repeating: 0, count: sequence.tokens.count)
        for piece in drawn {
            for place in piece.frame.dropFirst() { weights[place] = 1 }
        }
        return TrainingExample(tokens: sequence.tokens, weights: weights)
    }
}
