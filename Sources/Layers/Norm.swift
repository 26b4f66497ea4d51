internal import Checkpoints
package import Tensors

// D width.

/// How a norm brings the numbers of a state to one size.
package enum NormKind: Sendable, Equatable {
    /// x / rms(x) · gain (Zhang and Sennrich, 2019).
    case rms(epsilon: Double)
    /// (x − mean) / deviation, and where it is affine · gain + shift (Ba et al., 2016).
    case layer(epsilon: Double, affine: Bool)
}

/// A norm over the last dimension of a state, or over each of several equal parts of it.
package struct Norm {
    private let kind: NormKind
    private let groups: Int
    private let gain: Tensor?
    private let shift: Tensor?

    /// States what a norm of this kind learns at `scope`; it is taken over each of `groups` parts.
    package init(_ kind: NormKind, _ width: Int, groups: Int = 1, _ scope: ParameterScope) throws {
        func parameter(_ name: String, _ value: Double) throws -> Tensor {
            try scope.parameter(name, [width], role: .gain, initially: .constant(value))
        }
        self.kind = kind
        self.groups = groups
        switch kind {
        case .rms: (gain, shift) = (try parameter("weight", 1), nil)
        case .layer(_, affine: true):
            (gain, shift) = (try parameter("weight", 1), try parameter("bias", 0))
        case .layer(_, affine: false): (gain, shift) = (nil, nil)
        }
    }

    /// A norm that learns nothing.
    package init(bare kind: NormKind) {
        self.kind = kind
        groups = 1
        (gain, shift) = (nil, nil)
    }

    /// x [..., D] → [..., D].
    package func callAsFunction(_ x: Tensor) -> Tensor {
        switch kind {
        case .rms(let epsilon): x.rmsNorm(gain: gain, groups: groups, epsilon: epsilon)
        case .layer(let epsilon, _):
            x.layerNorm(gain: gain, shift: shift, groups: groups, epsilon: epsilon)
        }
    }
}
