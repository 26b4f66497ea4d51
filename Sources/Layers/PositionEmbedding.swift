internal import Checkpoints
package import Tensors

// B batch, T positions, D width.

/// How a model knows where a token stands.
package enum PositionKind: Sendable, Equatable {
    /// Queries and keys are turned (Su et al., 2021).
    case rotary(base: Double, scaling: RotaryScaling)
    /// A learned table is added to the embeddings; position t has row t + `offset`.
    case learned(offset: Int)
}

/// A table with one row a position.
package struct PositionEmbedding {
    private let weight: Tensor  // [context + offset, D]
    private let offset: Int

    /// States a table for `count` positions at `scope`, and `offset` rows before them.
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

    /// x [B, T, D] plus the rows of the positions of `step` → [B, T, D].
    package func callAsFunction(_ x: Tensor, _ step: DecodingStep) -> Tensor {
        x + step.positions(from: offset).embedded(by: weight)
    }
}
