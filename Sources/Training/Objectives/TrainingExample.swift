package import Vocabulary

/// Tokens with their loss weights.
package struct TrainingExample: Sendable, Equatable {
    package private(set) var tokens: [TokenID]
    /// The loss weight of predicting each token from those before it; 0 for the first.
    package private(set) var weights: [Float]

    package init(tokens: [TokenID], weights: [Float]) {
        precondition(tokens.count == weights.count, "each token has a weight")
        self.tokens = tokens
        self.weights = weights
        if !weights.isEmpty { self.weights[0] = 0 }
    }

    package var totalWeight: Float { weights.reduce(0, +) }

    /// The first `count` tokens, or all of a shorter example.
    package func prefix(_ count: Int) -> TrainingExample {
        guard tokens.count > count else { return self }
        return TrainingExample(
            tokens: Array(tokens.prefix(count)),
            weights: Array(weights.prefix(count))
        )
    }

    /// Appends all but the first token of another example.
    mutating func append(rest other: TrainingExample) {
        tokens += other.tokens.dropFirst()
        weights += other.weights.dropFirst()
    }

    /// Appends tokens of one weight.
    mutating func append(_ added: some Sequence<TokenID>, weight: Float) {
        for token in added {
            tokens.append(token)
            weights.append(weight)
        }
    }
}
