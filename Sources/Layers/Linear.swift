internal import Checkpoints
package import Tensors

/// x · Wᵀ, optionally + b.
package struct Linear {
    /// The matrix [out, in].
    package let weight: Tensor
    /// The bias [out].
    package let bias: Tensor?

    /// States a matrix [output, input] at `scope`.
    ///
    /// A matrix that is zero at first makes the layer silent.
    /// - Throws: what the scope's source finds wrong.
    package init(
        _ input: Int,
        _ output: Int,
        bias hasBias: Bool = false,
        initially: Initialization = .normal(deviation: 0.02),
        _ scope: ParameterScope
    ) throws {
        weight = try scope.parameter(
            "weight",
            [output, input],
            role: .matrix,
            initially: initially
        )
        bias =
            hasBias
            ? try scope.parameter("bias", [output], role: .bias, initially: .constant(0)) : nil
    }

    /// x [..., in] → [..., out].
    package func callAsFunction(_ x: Tensor) -> Tensor {
        x.linear(weight, bias: bias)
    }
}

/// A table with one row a token.
package struct Embedding {
    /// The table [V, D].
    package let weight: Tensor

    /// States a table [count, width] at `scope`.
    package init(
        _ count: Int,
        _ width: Int,
        initially: Initialization = .normal(deviation: 0.02),
        _ scope: ParameterScope
    ) throws {
        weight = try scope.parameter(
            "weight",
            [count, width],
            role: .table,
            initially: initially
        )
    }

    /// tokens int64 [B, T] → [B, T, D].
    package func callAsFunction(_ tokens: Tensor) -> Tensor {
        tokens.embedded(by: weight)
    }
}
