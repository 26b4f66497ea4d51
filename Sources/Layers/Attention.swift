package import Tensors

// B batch, T positions, S key positions, D hidden size, E hidden size of the source, H heads,
// K key/value heads, W head size.

/// The sizes and options of an attention layer.
package struct AttentionShape: Sendable, Equatable {
    /// D, of the queries and the output.
    package var width: Int
    /// E, of the sequence that keys and values are computed from.
    package var sourceWidth: Int
    /// H.
    package var headCount: Int
    /// K, which divides H.
    package var keyValueHeadCount: Int
    /// W.
    package var headWidth: Int
    /// Whether the query, key and value projections have biases.
    package var biasesInputs = false
    package var biasesOutput = false
    /// The normalization of queries and keys.
    package var headNorm = HeadNormKind.none
    /// How many positions a token attends to, itself included; `nil` for all.
    package var window: Int?
    /// The number of groups of heads, each with its own head norm weight.
    package var headGroups = 1
    /// What queries · keys are multiplied by; `nil` for 1 / √W.
    package var scoreScale: Double?
    /// Whether queries, keys and values are one weight, `qkv_proj`; not for another source.
    package var stacksInputs = false

    /// The sizes of self-attention.
    package init(
        width: Int,
        headCount: Int,
        keyValueHeadCount: Int,
        headWidth: Int
    ) {
        precondition(headCount % keyValueHeadCount == 0, "key heads must divide the heads")
        self.width = width
        sourceWidth = width
        self.headCount = headCount
        self.keyValueHeadCount = keyValueHeadCount
        self.headWidth = headWidth
    }
}

/// Grouped-query attention (Ainslie et al., 2023), of a sequence to itself or to another.
package final class Attention {
    private let shape: AttentionShape
    private let inputs: Inputs
    private let output: Linear
    private let queryNorm: HeadNorm?
    private let keyNorm: HeadNorm?
    private let rotary: RotaryEmbedding?

    private enum Inputs {
        case separate(query: Linear, key: Linear, value: Linear)
        case stacked(Linear)
    }

    /// Declares the four projections, and the head norms if there are any.
    ///
    /// The rotary embedding is of queries and keys; `nil` if the hidden states include positions.
    /// Checkpoints differ in the name of the output projection.
    package init(
        _ shape: AttentionShape,
        rotary: RotaryEmbedding?,
        outputName: String = "o_proj",
        initialization: InitializationScheme = .standard,
        _ scope: ParameterScope
    ) throws {
        func projection(_ from: Int, _ heads: Int, _ name: String) throws -> Linear {
            try Linear(
                from,
                heads * shape.headWidth,
                bias: shape.biasesInputs,
                initially: initialization.matrix,
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
        if shape.stacksInputs {
            let heads = [shape.headCount, shape.keyValueHeadCount, shape.keyValueHeadCount]
            inputs = .stacked(
                try Linear(
                    shape.width,
                    stacking: heads.map { $0 * shape.headWidth },
                    bias: shape.biasesInputs,
                    initially: initialization.matrix,
                    scope / "qkv_proj"
                )
            )
        } else {
            inputs = .separate(
                query: try projection(shape.width, shape.headCount, "q_proj"),
                key: try projection(shape.sourceWidth, shape.keyValueHeadCount, "k_proj"),
                value: try projection(shape.sourceWidth, shape.keyValueHeadCount, "v_proj")
            )
        }
        output = try Linear(
            shape.headCount * shape.headWidth,
            shape.width,
            bias: shape.biasesOutput,
            initially: initialization.residual,
            scope / outputName
        )
        queryNorm = try norm(shape.headCount, "q_norm")
        keyNorm = try norm(shape.keyValueHeadCount, "k_norm")
    }

    /// Attends from x [B, T, D] to `source` [B, U, E] under the mask of `step` → [B, T, D].
    ///
    /// U is T for a sequence that attends to itself.
    package func callAsFunction(_ x: Tensor, to source: Tensor, _ step: DecodingStep) -> Tensor {
        let (queries, keys, values) = projections(x, source)
        let mask = step.mask(within: shape.window)
        let (q, k) = (scaled(normed(queries, queryNorm)), normed(keys, keyNorm))
        if let cache = step.cache {
            remember(k, values, cache, step)
            return output(
                q.attended(
                    to: cache.keysAndValues(of: self),
                    positions: cache.length + keys.size(1),
                    rotation: rotary?(at: step.positions),
                    mask: mask
                )
            )
        }
        let mixed = Tensor.attention(
            heads(q, rotary?(at: step.positions)),
            heads(k, rotary?(at: step.keyPositions)),
            heads(values, nil),
            mask: mask
        )  // [B, H, T, W]
        return output(mixed.transposed(1, 2).flattened(from: 2))  // [B, T, D]
    }

    /// Keeps the keys and values of `source` [B, U, E] for later queries.
    package func remember(_ source: Tensor, _ step: DecodingStep) {
        guard case .separate(_, let key, let value) = inputs else {
            preconditionFailure("what is attended to has projections of its own")
        }
        guard let cache = step.cache else { return }
        remember(normed(key(source), keyNorm), value(source), cache, step)
    }

    private func remember(
        _ keys: Tensor,
        _ values: Tensor,
        _ cache: KeyValueCache,
        _ step: DecodingStep
    ) {
        cache.remember(
            self,
            keys: keys,
            values: values,
            headWidth: shape.headWidth,
            rotation: rotary?(at: step.keyPositions)
        )
    }

    private func projections(_ x: Tensor, _ source: Tensor) -> (Tensor, Tensor, Tensor) {
        switch inputs {
        case .separate(let query, let key, let value):
            guard x === source else { return (query(x), key(source), value(source)) }
            let outputs = Linear.together([query, key, value], x)
            return (outputs[0], outputs[1], outputs[2])
        case .stacked(let all):
            let parts = all.split(x)
            return (parts[0], parts[1], parts[2])
        }
    }

    /// Queries that give scores of ``AttentionShape/scoreScale``; attention divides them by √W.
    private func scaled(_ queries: Tensor) -> Tensor {
        shape.scoreScale.map { queries * ($0 * Double(shape.headWidth).squareRoot()) } ?? queries
    }

    /// Normalizes the heads of x [B, T, H · W].
    private func normed(_ x: Tensor, _ norm: HeadNorm?) -> Tensor {
        norm.map { $0(split(x)).flattened(from: 2) } ?? x
    }

    /// x [B, T, H · W] as rotated heads [B, H, T, W].
    private func heads(_ x: Tensor, _ rotation: Tensor.Rotation?) -> Tensor {
        let split = split(x)
        return (rotation.map { split.rotated(by: $0) } ?? split).transposed(1, 2)
    }

    private func split(_ x: Tensor) -> Tensor {
        x.reshaped([x.size(0), x.size(1), -1, shape.headWidth])
    }
}
