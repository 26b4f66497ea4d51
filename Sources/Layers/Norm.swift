internal import Checkpoints
package import Tensors

// D hidden size.

/// The kind of a norm over the hidden size.
package enum NormKind: Sendable, Equatable {
    /// x / rms(x) · (weight + offset) (Zhang and Sennrich, 2019).
    case rms(epsilon: Double, offset: Double = 0)
    /// (x − mean) / std, and if affine · weight + bias (Ba et al., 2016).
    case layer(epsilon: Double, affine: Bool)

    /// The weight of a norm that scales nothing.
    package var unitWeight: Float {
        if case .rms(_, let offset) = self { Float(1 - offset) } else { 1 }
    }
}

/// A norm over the last dimension, or over each of several equal parts of it.
package struct Norm {
    private let kind: NormKind
    private let groups: Int
    private let weight: Tensor?
    private let bias: Tensor?

    package init(_ kind: NormKind, _ width: Int, groups: Int = 1, _ scope: ParameterScope) throws {
        func parameter(_ name: String, _ value: Double) throws -> Tensor {
            try scope.parameter(name, [width], role: .scale, initially: .constant(value))
        }
        self.kind = kind
        self.groups = groups
        switch kind {
        case .rms(_, let offset): (weight, bias) = (try parameter("weight", 1 - offset), nil)
        case .layer(_, affine: true):
            (weight, bias) = (try parameter("weight", 1), try parameter("bias", 0))
        case .layer(_, affine: false): (weight, bias) = (nil, nil)
        }
    }

    /// A norm without affine parameters.
    package init(withoutParameters kind: NormKind) {
        self.kind = kind
        groups = 1
        (weight, bias) = (nil, nil)
    }

    /// x [..., D] → [..., D].
    package func callAsFunction(_ x: Tensor) -> Tensor {
        switch kind {
        case .rms(let epsilon, let offset):
            x.rmsNorm(weight: weight?.offset(by: offset), groups: groups, epsilon: epsilon)
        case .layer(let epsilon, _):
            x.layerNorm(weight: weight, bias: bias, groups: groups, epsilon: epsilon)
        }
    }
}

extension Tensor {
    /// A norm's weight, from what is stored.
    func offset(by offset: Double) -> Tensor { offset == 0 ? self : self + offset }
}
