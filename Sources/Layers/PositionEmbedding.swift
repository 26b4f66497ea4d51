internal import Checkpoints
package import Tensors

// B batch, T positions, D hidden size.

/// How a model encodes positions.
package enum PositionKind: Sendable, Equatable {
    /// Rotation of queries and keys (Su et al., 2021), or of the first `share` of each head.
    case rotary(base: Double, scaling: RotaryScaling = .none, share: Double = 1)
    /// A learned table, added to the token embeddings; position t has row t + `offset`.
    case learned(offset: Int)
}

/// A learned table with one row per position.
package struct PositionEmbedding {
    private let weight: Tensor  // [context + offset, D]
    private let offset: Int

    package init(
        _ count: Int,
        _ width: Int,
        offset: Int,
        initially: Initialization,
        _ scope: ParameterScope
    ) throws {
        self.offset = offset
        weight = try scope.parameter(
            "weight",
            [count + offset, width],
            role: .positions,
            initially: initially
        )
    }

    /// Adds the positions of `step` to x [B, T, D].
    package func callAsFunction(_ x: Tensor, _ step: DecodingStep) -> Tensor {
        let indices = step.positions.indices.map { $0 + offset }
        return x + Tensor(indices, [indices.count / x.size(1), x.size(1)]).embedded(by: weight)
    }
}
