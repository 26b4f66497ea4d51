internal import Decoders
package import Vocabulary

// B rows, T positions.

/// A micro-batch: examples of similar length for one forward pass.
///
/// Each example is a row, padded on the right. Attention is causal, so no token attends to padding.
package struct Batch: Sendable, Equatable {
    /// B.
    package let rowCount: Int
    /// T: the tokens of the longest example but its last.
    package let width: Int
    /// The input tokens [B, T], row by row.
    package let tokens: [TokenID]
    /// The positions in [B · T] whose predictions have a loss weight.
    package let positions: [Int]
    /// The tokens to predict at the ``positions``.
    package let targets: [TokenID]
    /// The loss weights of the ``targets``.
    package let weights: [Float]
    /// The number of tokens that are not padding.
    package let realTokenCount: Int

    /// Makes a batch of examples of at least two tokens.
    package init(_ examples: [TrainingExample], padding: TokenID) {
        let width = (examples.map(\.tokens.count).max() ?? 1) - 1
        var tokens = [TokenID](repeating: padding, count: width * examples.count)
        var positions: [Int] = []
        var targets: [TokenID] = []
        var weights: [Float] = []
        for (row, example) in examples.enumerated() {
            for (place, token) in example.tokens.dropLast().enumerated() {
                tokens[row * width + place] = token
            }
            for place in example.tokens.indices.dropFirst() where example.weights[place] != 0 {
                positions.append(row * width + place - 1)
                targets.append(example.tokens[place])
                weights.append(example.weights[place])
            }
        }
        self.rowCount = examples.count
        self.width = width
        self.tokens = tokens
        self.positions = positions
        self.targets = targets
        self.weights = weights
        realTokenCount = examples.reduce(0) { $0 + $1.tokens.count - 1 }
    }

    package var totalWeight: Double { weights.reduce(0) { $0 + Double($1) } }

    /// The tokens, row by row.
    var tokenRows: TokenRows { TokenRows(tokens, rows: rowCount) }
}
