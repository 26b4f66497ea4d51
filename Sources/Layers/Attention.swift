public import Tensors

// B batch, T positions, S positions of keys, D width, E width of the source, H heads,
// K heads of keys and values, W head width.

/// The sizes of an attention layer.
public struct AttentionShape: Sendable, Equatable {
    /// D: the width of the queries' side and of the result.
    public var width: Int
    /// E: the width of the side that keys and values come from.
    public var sourceWidth: Int
    /// H.
    public var headCount: Int
    /// K, which divides H.
    public var keyValueHeadCount: Int
    /// W.
    public var headWidth: Int

    /// Sets the sizes; without `sourceWidth` a sequence attends to itself.
    public init(
        width: Int,
        sourceWidth: Int? = nil,
        headCount: Int,
        keyValueHeadCount: Int,
        headWidth: Int
    ) {
        precondition(headCount % keyValueHeadCount == 0, "key heads must divide the heads")
        self.width = width
        self.sourceWidth = sourceWidth ?? width
        self.headCount = headCount
        self.keyValueHeadCount = keyValueHeadCount
        self.headWidth = headWidth
    }
}

/// Causal attention with rotary positions and grouped queries (Ainslie et al., 2023), of a sequence
/// to itself or to another of the same length.
public final class Attention {
    private let shape: AttentionShape
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let output: Linear
    private let rotary: RotaryEmbedding

    /// States the four projections at `scope`.
    ///
    /// A fresh output projection is spread by `outputDeviation`; zero makes the layer add nothing at
    /// first.
    /// - Throws: what the scope's source finds wrong.
    public init(
        _ shape: AttentionShape,
        rotary: RotaryEmbedding,
        outputDeviation: Double = 0.02,
        _ scope: ParameterScope
    ) throws {
        self.shape = shape
        self.rotary = rotary
        let inner = shape.headCount * shape.headWidth
        let keyWidth = shape.keyValueHeadCount * shape.headWidth
        query = try Linear(shape.width, inner, scope / "q_proj")
        key = try Linear(shape.sourceWidth, keyWidth, scope / "k_proj")
        value = try Linear(shape.sourceWidth, keyWidth, scope / "v_proj")
        output = try Linear(inner, shape.width, deviation: outputDeviation, scope / "o_proj")
    }

    /// Attends from every position of x [B, T, D] to `source` [B, T, E] at that position and before.
    public func callAsFunction(_ x: Tensor, to source: Tensor, _ step: DecodingStep) -> Tensor {
        let q = rotary(split(query(x)), from: step.offset).transposed(1, 2)  // [B, H, T, W]
        var k = rotary(split(key(source)), from: step.offset).transposed(1, 2)  // [B, K, T, W]
        var v = split(value(source)).transposed(1, 2)
        if let cache = step.cache {
            (k, v) = cache.extend(self, keys: k, values: v)  // [B, K, S, W]
        }
        let mixed = Tensor.attention(q, k, v, mask: step.mask)  // [B, H, T, W]
        return output(mixed.transposed(1, 2).flattened(from: 2))  // [B, T, D]
    }

    private func split(_ x: Tensor) -> Tensor {
        x.reshaped([x.size(0), x.size(1), -1, shape.headWidth])
    }
}

/// The gated feed-forward layer SwiGLU (Shazeer, 2020).
public final class FeedForward {
    private let gate: Linear
    private let up: Linear
    private let down: Linear

    /// States the three matrices at `scope`.
    public init(
        _ width: Int,
        inner: Int,
        outputDeviation: Double = 0.02,
        _ scope: ParameterScope
    ) throws {
        gate = try Linear(width, inner, scope / "gate_proj")
        up = try Linear(width, inner, scope / "up_proj")
        down = try Linear(inner, width, deviation: outputDeviation, scope / "down_proj")
    }

    /// x [..., D] → [..., D].
    public func callAsFunction(_ x: Tensor) -> Tensor {
        down(gate(x).swiGLU(up(x)))
    }
}
