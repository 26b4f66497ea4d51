internal import Checkpoints
public import Tensors

/// x · Wᵀ, optionally + b.
public struct Linear {
    /// The matrix [out, in].
    public let weight: Tensor
    /// The bias [out].
    public let bias: Tensor?

    /// States a matrix [output, input] at `scope`.
    ///
    /// A matrix that is zero at first makes the layer silent.
    /// - Throws: what the scope's source finds wrong.
    public init(
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
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.linear(weight, bias: bias)
    }
}

/// A table with one row a token.
public struct Embedding {
    /// The table [V, D].
    public let weight: Tensor

    /// States a table [count, width] at `scope`.
    public init(
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
    public func callAsFunction(_ tokens: Tensor) -> Tensor {
        tokens.embedded(by: weight)
    }
}
