package import Vocabulary

/// Tokens, and how much the loss of predicting each of them counts.
package struct TrainingExample: Sendable, Equatable {
    /// The tokens.
    package private(set) var tokens: [TokenID]
    /// The loss weight of predicting `tokens[i]` from those before it; `weights[0]` is zero.
    package private(set) var weights: [Float]

    /// Pairs tokens with weights; the first token is never predicted.
    package init(tokens: [TokenID], weights: [Float]) {
        precondition(tokens.count == weights.count, "each token has a weight")
        self.tokens = tokens
        self.weights = weights
        if !weights.isEmpty { self.weights[0] = 0 }
    }

    /// The sum of all weights: zero where there is nothing to learn.
    package var totalWeight: Float { weights.reduce(0, +) }

    /// The first `count` tokens, which is all of a shorter example.
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

    /// Appends tokens that all have one weight.
    mutating func append(_ added: some Sequence<TokenID>, weight: Float) {
        for token in added {
            tokens.append(token)
            weights.append(weight)
        }
    }
}
