internal import Layers
internal import Tensors

// B sequences, T positions, D hidden size.

/// The pre-norm layers of a CLIP tower.
struct CLIPTransformer {
    private let layers: [Layer]

    init(_ config: CLIPConfig.Transformer, _ scope: ParameterScope) throws {
        layers = try (0..<config.layerCount).map { try Layer(config, scope / "layers" / $0) }
    }

    /// x [B, T, D] → [B, T, D].
    func callAsFunction(_ x: Tensor, _ mask: AttentionMask) -> Tensor {
        let step = DecodingStep(width: x.size(1), mask: mask)
        return layers.reduce(x) { $1($0, step) }
    }

    /// x [B, T, D] → the hidden states [B, T, D] after each layer.
    func hiddenStates(_ x: Tensor, _ mask: AttentionMask) -> [Tensor] {
        let step = DecodingStep(width: x.size(1), mask: mask)
        var x = x
        return layers.map { layer in
            x = layer(x, step)
            return x
        }
    }

    private struct Layer {
        let attentionNorm: Norm
        let attention: Attention
        let feedForwardNorm: Norm
        let feedForward: FeedForward

        init(_ config: CLIPConfig.Transformer, _ scope: ParameterScope) throws {
            let norm = NormKind.layer(epsilon: config.epsilon, affine: true)
            var shape = AttentionShape(
                width: config.width,
                headCount: config.headCount,
                keyValueHeadCount: config.headCount,
                headWidth: config.width / config.headCount
            )
            (shape.biasesInputs, shape.biasesOutput) = (true, true)
            attentionNorm = try Norm(norm, config.width, scope / "layer_norm1")
            attention = try Attention(
                shape,
                rotary: nil,
                outputName: "out_proj",
                scope / "self_attn"
            )
            feedForwardNorm = try Norm(norm, config.width, scope / "layer_norm2")
            feedForward = try FeedForward(
                .plain(config.activation),
                config.width,
                inner: config.feedForwardSize,
                biases: true,
                scope / "mlp"
            )
        }

        func callAsFunction(_ input: Tensor, _ step: DecodingStep) -> Tensor {
            let normed = attentionNorm(input)
            let x = input + attention(normed, to: normed, step)
            return x + feedForward(feedForwardNorm(x))
        }
    }
}
