internal import Checkpoints
package import Tensors

// B batch, T positions, H heads, W head width, G groups of heads.

/// How queries and keys are normed before they meet.
package enum HeadNormKind: Sendable, Equatable {
    /// Not at all.
    case none
    /// RMS norm over each head, with one gain [W] for all heads (Qwen3).
    case rms(epsilon: Double)
    /// Layer norm over each head, with a gain and a shift [H, W] (Chameleon).
    case layerPerHead(epsilon: Double)
}

/// The norm of the queries or of the keys.
package struct HeadNorm {
    private let kind: HeadNormKind
    private let groups: Int
    private let gain: Tensor
    private let shift: Tensor?

    /// States the gain, and the shift if there is one, at `scope`; `nil` where heads are not normed.
    ///
    /// Where one gain serves all heads, each of `groups` equal parts of them has its own: [G · W].
    package init?(
        _ kind: HeadNormKind,
        headCount: Int,
        headWidth: Int,
        groups: Int = 1,
        _ scope: ParameterScope
    ) throws {
        func parameter(_ name: String, _ shape: [Int], _ value: Double) throws -> Tensor {
            try scope.parameter(name, shape, role: .gain, initially: .constant(value))
        }
        self.kind = kind
        self.groups = groups
        switch kind {
        case .none: return nil
        case .rms:
            precondition(headCount % groups == 0, "groups must divide the heads")
            gain = try parameter("weight", [groups * headWidth], 1)
            shift = nil
        case .layerPerHead:
            gain = try parameter("weight", [headCount, headWidth], 1)
            shift = try parameter("bias", [headCount, headWidth], 0)
        }
    }

    /// x [B, T, H, W] → [B, T, H, W].
    package func callAsFunction(_ x: Tensor) -> Tensor {
        switch kind {
        case .none: return x
        case .rms(let epsilon):
            guard groups > 1 else { return x.rmsNorm(gain: gain, epsilon: epsilon) }
            let heads = [x.size(0), x.size(1), groups, -1, x.size(3)]  // [B, T, G, H/G, W]
            let normed = x.rmsNorm(gain: nil, epsilon: epsilon).reshaped(heads)
            return (normed * gain.reshaped([groups, 1, -1])).reshaped(x.shape)
        case .layerPerHead(let epsilon):
            let normed = x.layerNorm(gain: nil, shift: nil, epsilon: epsilon) * gain
            return shift.map { normed + $0 } ?? normed
        }
    }
}
