internal import Tensors
package import Vocabulary

// B rows, T positions.

/// Examples of similar length side by side, for one pass through a model.
///
/// One example a row, padded on the right: rows do not see each other, and since attention is
/// causal, nothing real attends to the padding.
package struct Batch: Sendable, Equatable {
    /// B.
    package let rowCount: Int
    /// T: the tokens of the longest row without its last.
    package let width: Int
    /// The tokens [B, T], row by row.
    package let tokens: [TokenID]
    /// The places in [B · T] from which something is predicted that counts.
    package let positions: [Int]
    /// What is predicted at each of the ``positions``.
    package let targets: [TokenID]
    /// The weight of each of the ``targets``.
    package let weights: [Float]
    /// The number of tokens that are not padding.
    package let realTokenCount: Int

    /// Puts examples side by side; each has at least two tokens.
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

    /// The sum of the weights of all targets.
    package var totalWeight: Double { weights.reduce(0) { $0 + Double($1) } }

    /// The tokens as int64 [B, T].
    var tokenTensor: Tensor { Tensor(tokens, [rowCount, width]) }
}
