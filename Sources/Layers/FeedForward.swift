package import Tensors

// D hidden size.

/// The kind of a feed-forward layer.
package enum FeedForwardKind: Sendable, Equatable {
    /// activation(gate) · up, three matrices; SwiGLU with SiLU (Shazeer, 2020). Stacked, the first
    /// two are one weight, `gate_up_proj`.
    case gated(Activation = .silu, stacked: Bool = false)
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
    /// GELU's approximation by tanh (Hendrycks and Gimpel, 2016).
    case geluTanh = "gelu_pytorch_tanh"
    /// x · sigmoid(x).
    case silu

    /// activation(gate) · up.
    func gate(_ gate: Tensor, _ up: Tensor) -> Tensor {
        self == .silu ? gate.swiGLU(up) : self(gate) * up
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .relu: x.relu()
        case .gelu: x.gelu()
        case .quickGELU: (x * 1.702).silu() / 1.702
        case .geluTanh: x.geluTanh()
        case .silu: x.silu()
        }
    }
}

package final class FeedForward {
    private enum Inner {
        case gated(gate: Linear, up: Linear, Activation)
        case stacked(Linear, Activation)
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
        case .gated(let activation, stacked: false):
            inner = .gated(
                gate: try linear(width, innerWidth, initialization.matrix, "gate_proj"),
                up: try linear(width, innerWidth, initialization.matrix, "up_proj"),
                activation
            )
            output = try linear(innerWidth, width, initialization.residual, "down_proj")
        case .gated(let activation, stacked: true):
            let both = try Linear(
                width,
                stacking: [innerWidth, innerWidth],
                bias: biases,
                initially: initialization.matrix,
                scope / "gate_up_proj"
            )
            inner = .stacked(both, activation)
            output = try linear(innerWidth, width, initialization.residual, "down_proj")
        case .plain(let activation):
            inner = .plain(try linear(width, innerWidth, initialization.matrix, "fc1"), activation)
            output = try linear(innerWidth, width, initialization.residual, "fc2")
        }
    }

    /// x [..., D] → [..., D].
    package func callAsFunction(_ x: Tensor) -> Tensor {
        switch inner {
        case .gated(let gate, let up, let activation):
            let outputs = Linear.together([gate, up], x)
            return output(activation.gate(outputs[0], outputs[1]))
        case .stacked(let both, let activation):
            let parts = both.split(x)
            return output(activation.gate(parts[0], parts[1]))
        case .plain(let first, let activation):
            return output(activation(first(x)))
        }
    }
}
