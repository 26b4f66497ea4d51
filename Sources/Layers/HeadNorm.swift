internal import Checkpoints
internal import Tensors

// B batch, T positions, H heads, W head size, G groups of heads.

/// The normalization of queries and keys before attention.
package enum HeadNormKind: Sendable, Equatable {
    case none
    /// RMS norm of each head, with one weight [W] for all heads (Qwen3).
    case rms(epsilon: Double, offset: Double = 0)
    /// RMS norm over all heads together, with one weight [H · W] (OLMo 2).
    case rmsOverHeads(epsilon: Double)
    /// Layer norm of each head, with weight and bias [H, W] (Chameleon).
    case layerPerHead(epsilon: Double)
}

/// The norm of queries or keys.
struct HeadNorm {
    private let kind: HeadNormKind
    private let groups: Int
    private let weight: Tensor
    private let bias: Tensor?

    /// Declares the weight and, for layer norm, the bias; `nil` for ``HeadNormKind/none``.
    ///
    /// Each of `groups` equal groups of heads has an RMS norm weight of its own: [G · W].
    init?(
        _ kind: HeadNormKind,
        headCount: Int,
        headWidth: Int,
        groups: Int = 1,
        _ scope: ParameterScope
    ) throws {
        func parameter(_ name: String, _ shape: [Int], _ value: Double) throws -> Tensor {
            try scope.parameter(name, shape, role: .scale, initially: .constant(value))
        }
        self.kind = kind
        self.groups = groups
        switch kind {
        case .none: return nil
        case .rms(_, let offset):
            precondition(headCount % groups == 0, "groups must divide the heads")
            weight = try parameter("weight", [groups * headWidth], 1 - offset)
            bias = nil
        case .rmsOverHeads:
            weight = try parameter("weight", [headCount * headWidth], 1)
            bias = nil
        case .layerPerHead:
            weight = try parameter("weight", [headCount, headWidth], 1)
            bias = try parameter("bias", [headCount, headWidth], 0)
        }
    }

    /// x [B, T, H, W] → [B, T, H, W].
    func callAsFunction(_ x: Tensor) -> Tensor {
        switch kind {
        case .none: return x
        case .rmsOverHeads(let epsilon):
            let flat = x.flattened(from: 2)  // [B, T, H · W]
            return flat.rmsNorm(weight: weight, groups: groups, epsilon: epsilon).reshaped(x.shape)
        case .rms(let epsilon, let offset):
            let weight = weight.offset(by: offset)
            guard groups > 1 else { return x.rmsNorm(weight: weight, epsilon: epsilon) }
            let heads = [x.size(0), x.size(1), groups, -1, x.size(3)]  // [B, T, G, H/G, W]
            let normed = x.rmsNorm(weight: nil, epsilon: epsilon).reshaped(heads)
            return (normed * weight.reshaped([groups, 1, -1])).reshaped(x.shape)
        case .layerPerHead(let epsilon):
            let normed = x.layerNorm(weight: nil, bias: nil, epsilon: epsilon) * weight
            return bias.map { normed + $0 } ?? normed
        }
    }
}
