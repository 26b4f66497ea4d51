package import Tensors

// D hidden size.

/// The kind of a feed-forward layer.
package enum FeedForwardKind: Sendable, Equatable {
    /// SwiGLU (Shazeer, 2020): silu(gate) · up, three matrices.
    case gated
    /// An activation between two matrices.
    case plain(Activation)
}

/// An activation function, by its name in configs.
package enum Activation: String, Sendable, CaseIterable {
    /// max(x, 0).
    case relu
    /// x · Φ(x) (Hendrycks and Gimpel, 2016).
    case gelu
    /// x · sigmoid(1.702 x), an approximation of GELU (Hendrycks and Gimpel, 2016).
    case quickGELU = "quick_gelu"

    func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .relu: x.relu()
        case .gelu: x.gelu()
        case .quickGELU: (x * 1.702).silu() / 1.702
        }
    }
}

package final class FeedForward {
    private enum Inner {
        case gated(gate: Linear, up: Linear)
        case plain(Linear, Activation)
    }

    private let inner: Inner
    private let output: Linear

    package init(
        _ kind: FeedForwardKind,
        _ width: Int,
        inner innerWidth: Int,
        biases: Bool = false,
        initialization: InitializationScheme = .standard,
        _ scope: ParameterScope
    ) throws {
        func linear(_ from: Int, _ to: Int, _ initially: Initialization, _ name: String) throws
            -> Linear
        {
            try Linear(from, to, bias: biases, initially: initially, scope / name)
        }
        switch kind {
        case .gated:
            inner = .gated(
                gate: try linear(width, innerWidth, initialization.matrix, "gate_proj"),
                up: try linear(width, innerWidth, initialization.matrix, "up_proj")
            )
            output = try linear(innerWidth, width, initialization.residual, "down_proj")
        case .plain(let activation):
            inner = .plain(try linear(width, innerWidth, initialization.matrix, "fc1"), activation)
            output = try linear(innerWidth, width, initialization.residual, "fc2")
        }
    }

    /// x [..., D] → [..., D].
    package func callAsFunction(_ x: Tensor) -> Tensor {
        switch inner {
        case .gated(let gate, let up): output(gate(x).swiGLU(up(x)))
        case .plain(let first, let activation): output(activation(first(x)))
        }
    }
}
