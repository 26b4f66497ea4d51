internal import Basics
internal import Documents
internal import Vocabulary

/// The choices of instruction tuning.
package struct InstructOptions: Sendable, Equatable {
    /// The share of the conversations with an image of the assistant in which `<mask:0>` stands for
    /// each text and only that image is learned: what classifier-free guidance compares with.
    package var cfgDropout: Double

    /// Sets the share, from 0 to 1.
    package init(cfgDropout: Double = 0) {
        precondition((0...1).contains(cfgDropout))
        self.cfgDropout = cfgDropout
    }
}

extension TrainingExample {
    /// Learns what the assistant says, images with their `<break>` and the closing `<eos>`
    /// included, and nothing else.
    static func instruct(
        _ sequence: TokenSequence,
        _ options: InstructOptions,
        in space: TokenSpace,
        using generator: inout SeededGenerator
    ) -> TrainingExample {
        let dropsText = generator.nextUniform() < options.cfgDropout
        if dropsText, let example = drawing(sequence.withoutText(in: space)) { return example }
        let tokens = sequence.tokens
        let roles = Dictionary(
            uniqueKeysWithValues: Role.allCases.compactMap { role in
                space.specialTokens[role.specialToken].map { ($0, role) }
            }
        )
        var role: Role?
        let weights = tokens.map { token -> Float in
            if let next = roles[token] {
                role = next
                return 0
            }
            defer { if token == space[.end] { role = nil } }
            return role == .assistant ? 1 : 0
        }
        return TrainingExample(tokens: tokens, weights: weights)
    }

    /// Learns the codes of the assistant's images alone; `nil` where there are none.
    private static func drawing(_ sequence: TokenSequence) -> TrainingExample? {
        let drawn = sequence.pieces.filter { $0.kind == .image && $0.role == .assistant }
        guard !drawn.isEmpty else { return nil }
        var weights = [Float](repeating: 0, count: sequence.tokens.count)
        for piece in drawn {
            for place in piece.range { weights[place] = 1 }
        }
        return TrainingExample(tokens: sequence.tokens, weights: weights)
    }
}
