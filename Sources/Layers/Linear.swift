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
    /// A fresh matrix is spread by `deviation`; zero makes the layer silent at first.
    /// - Throws: what the scope's source finds wrong.
    public init(
        _ input: Int,
        _ output: Int,
        bias hasBias: Bool = false,
        deviation: Double = 0.02,
        _ scope: ParameterScope
    ) throws {
        weight = try scope.parameter(
            "weight",
            [output, input],
            role: .matrix,
            initially: deviation == 0 ? .constant(0) : .normal(deviation: deviation)
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
    public init(_ count: Int, _ width: Int, _ scope: ParameterScope) throws {
        weight = try scope.parameter(
            "weight",
            [count, width],
            role: .table,
            initially: .normal(deviation: 0.02)
        )
    }

    /// tokens int64 [B, T] → [B, T, D].
    public func callAsFunction(_ tokens: Tensor) -> Tensor {
        tokens.embedded(by: weight)
    }
}

/// x / rms(x) · gain (Zhang and Sennrich, 2019).
public struct RMSNorm {
    /// The gain [D].
    public let weight: Tensor
    private let groups: Int
    private let epsilon: Double

    /// States a gain [width] at `scope`; the mean square is taken over each of `groups` equal parts.
    public init(_ width: Int, groups: Int = 1, epsilon: Double, _ scope: ParameterScope) throws {
        weight = try scope.parameter("weight", [width], role: .gain, initially: .constant(1))
        self.groups = groups
        self.epsilon = epsilon
    }

    /// x [..., D] → [..., D].
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.rmsNorm(gain: weight, groups: groups, epsilon: epsilon)
    }
}
