internal import Checkpoints
package import Tensors

/// x · Wᵀ, optionally + b.
package struct Linear {
    private let weight: Tensor  // [out, in]
    private let bias: Tensor?  // [out]

    package init(
        _ input: Int,
        _ output: Int,
        bias hasBias: Bool = false,
        initially: Initialization = .normal(std: 0.02),
        _ scope: ParameterScope
    ) throws {
        let shape = [output, input]
        weight = try scope.parameter("weight", shape, role: .matrix, initially: initially)
        bias =
            hasBias
            ? try scope.parameter("bias", [output], role: .bias, initially: .constant(0)) : nil
    }

    /// x [..., in] → [..., out].
    package func callAsFunction(_ x: Tensor) -> Tensor {
        x.linear(weight, bias: bias)
    }
}

/// A table with one row per token.
package struct Embedding {
    /// The table [V, D].
    package let weight: Tensor

    package init(
        _ count: Int,
        _ width: Int,
        initially: Initialization = .normal(std: 0.02),
        _ scope: ParameterScope
    ) throws {
        let shape = [count, width]
        weight = try scope.parameter("weight", shape, role: .table, initially: initially)
    }

    /// tokens int64 [B, T] → [B, T, D].
    package func callAsFunction(_ tokens: Tensor) -> Tensor {
        tokens.embedded(by: weight)
    }
}
