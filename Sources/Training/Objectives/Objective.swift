package import Basics
package import Vocabulary

/// How a document becomes a training example.
package enum Objective: Sendable, Equatable {
    /// Every token is predicted from those before it.
    case causal
    /// Spans are moved to the end, so that the model learns infilling.
    case cm3(CM3Options)
    /// Only what the assistant says has a loss.
    case instruct(InstructOptions)

    /// Whether only documents in which the assistant speaks can be trained on.
    var needsAnswers: Bool { if case .instruct = self { true } else { false } }

    /// The example of a document; equal generators give equal examples, so a run can be resumed.
    package func example(
        of sequence: TokenSequence,
        in space: TokenSpace,
        using generator: inout SeededGenerator
    ) -> TrainingExample {
        switch self {
        case .causal:
            .causal(sequence)
        case .cm3(let options):
            .cm3(sequence, options, in: space, using: &generator)
        case .instruct(let options):
            .instruct(sequence, options, in: space, using: &generator)
        }
    }

    /// A special token that the objective needs and `space` lacks.
    package func missingSpecialToken(in space: TokenSpace) -> TokenSpace.SpecialToken? {
        needed.first { space.specialTokens[$0] == nil }
    }

    /// The name in recipes.
    var name: String {
        switch self {
        case .causal: "causal"
        case .cm3: "cm3"
        case .instruct: "instruct"
        }
    }

    /// The most tokens that the objective adds to a sequence.
    var addedTokenCount: Int {
        switch self {
        case .causal, .instruct: 0
        // Masks twice, `<infill>`, and the `<eos>` of a truncated document.
        case .cm3: 2 + 2 * TokenSpace.SpecialToken.maskCount
        }
    }

    private var needed: [TokenSpace.SpecialToken] {
        switch self {
        case .causal: []
        case .cm3: [.infill] + (0..<TokenSpace.SpecialToken.maskCount).map { .mask($0) }
        case .instruct(let options): options.cfgDropout > 0 ? [.mask(0)] : []
        }
    }
}

extension TrainingExample {
    /// Every token of a sequence but the first, with weight one.
    static func causal(_ sequence: TokenSequence) -> TrainingExample {
        TrainingExample(
            tokens: sequence.tokens,
            weights: [Float](repeating: 1, count: sequence.tokens.count)
        )
    }
}
