package import Tensors

// B batch, T positions, S positions of keys, D width, E width of the source, H heads,
// K heads of keys and values, W head width.

/// The sizes and the parts of an attention layer.
package struct AttentionShape: Sendable, Equatable {
    /// D: the width of the queries' side and of the result.
    package var width: Int
    /// E: the width of the side that keys and values come from.
    package var sourceWidth: Int
    /// H.
    package var headCount: Int
    /// K, which divides H.
    package var keyValueHeadCount: Int
    /// W.
    package var headWidth: Int
    /// Whether queries, keys and values have biases.
    package var biasesInputs = false
    /// Whether the output has a bias.
    package var biasesOutput = false
    /// How queries and keys are normed.
    package var headNorm = HeadNormKind.none
    /// How many positions a token attends to, itself included; `nil` for all.
    package var window: Int?
    /// Over how many equal parts of the heads gains that they share differ.
    package var headGroups = 1

    /// Sets the sizes; without `sourceWidth` a sequence attends to itself.
    package init(
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

/// Causal attention with grouped queries (Ainslie et al., 2023), of a sequence to itself or to
/// another of the same length.
package final class Attention {
    private let shape: AttentionShape
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let output: Linear
    private let queryNorm: HeadNorm?
    private let keyNorm: HeadNorm?
    private let rotary: RotaryEmbedding?

    /// States the four projections, and the norms of heads if there are any, at `scope`.
    ///
    /// - Parameters:
    ///   - shape: the sizes and parts.
    ///   - rotary: turns queries and keys; `nil` where positions are in the states already.
    ///   - outputName: the checkpoint's name of the output projection.
    ///   - fresh: what the projections are at first; an output of zero adds nothing.
    ///   - scope: where the weights are.
    /// - Throws: what the scope's source finds wrong.
    package init(
        _ shape: AttentionShape,
        rotary: RotaryEmbedding?,
        outputName: String = "o_proj",
        fresh: FreshWeights = .usual,
        _ scope: ParameterScope
    ) throws {
        func projection(_ from: Int, _ heads: Int, _ name: String) throws -> Linear {
            try Linear(
                from,
                heads * shape.headWidth,
                bias: shape.biasesInputs,
                initially: fresh.matrix,
                scope / name
            )
        }
        func norm(_ heads: Int, _ name: String) throws -> HeadNorm? {
            try HeadNorm(
                shape.headNorm,
                headCount: heads,
                headWidth: shape.headWidth,
                groups: shape.headGroups,
                scope / name
            )
        }
        self.shape = shape
        self.rotary = rotary
        query = try projection(shape.width, shape.headCount, "q_proj")
        key = try projection(shape.sourceWidth, shape.keyValueHeadCount, "k_proj")
        value = try projection(shape.sourceWidth, shape.keyValueHeadCount, "v_proj")
        output = try Linear(
            shape.headCount * shape.headWidth,
            shape.width,
            bias: shape.biasesOutput,
            initially: fresh.residual,
            scope / outputName
        )
        queryNorm = try norm(shape.headCount, "q_norm")
        keyNorm = try norm(shape.keyValueHeadCount, "k_norm")
    }

    /// Attends from every position of x [B, T, D] to `source` [B, T, E] at that position and before.
    package func callAsFunction(_ x: Tensor, to source: Tensor, _ step: DecodingStep) -> Tensor {
        let q = placed(split(query(x)), queryNorm, step)  // [B, H, T, W]
        var k = placed(split(key(source)), keyNorm, step)  // [B, K, T, W]
        var v = split(value(source)).transposed(1, 2)
        if let cache = step.cache {
            (k, v) = cache.extend(self, keys: k, values: v)  // [B, K, S, W]
        }
        let mask = step.mask(within: shape.window)
        let mixed = Tensor.attention(q, k, v, mask: mask)  // [B, H, T, W]
        return output(mixed.transposed(1, 2).flattened(from: 2))  // [B, T, D]
    }

    /// Heads [B, T, H, W] normed, turned to their positions and brought to the front.
    private func placed(_ heads: Tensor, _ norm: HeadNorm?, _ step: DecodingStep) -> Tensor {
        let normed = norm.map { $0(heads) } ?? heads
        let turned = rotary.map { $0(normed, from: step.offset) } ?? normed
        return turned.transposed(1, 2)
    }

    private func split(_ x: Tensor) -> Tensor {
        x.reshaped([x.size(0), x.size(1), -1, shape.headWidth])
    }
}
