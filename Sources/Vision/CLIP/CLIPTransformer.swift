internal import Layers
internal import Tensors

// B sequences, T positions, D width, H heads, W head width.

/// Layers of attention and feed-forward, each with its norm before it, over states that have their
/// positions.
struct CLIPTransformer {
    private let layers: [Layer]

    init(_ config: CLIPConfig.Transformer, _ scope: ParameterScope) throws {
        layers = try (0..<config.layerCount).map { try Layer(config, scope / "layers" / $0) }
    }

    /// x [B, T, D] → [B, T, D].
    func callAsFunction(_ x: Tensor, _ mask: AttentionMask) -> Tensor {
        layers.reduce(x) { $1($0, mask) }
    }

    /// x [B, T, D] → the states [B, T, D] after each layer.
    func states(_ x: Tensor, _ mask: AttentionMask) -> [Tensor] {
        var x = x
        return layers.map { layer in
            x = layer(x, mask)
            return x
        }
    }

    private struct Layer {
        let attentionNorm: Norm
        let query: Linear
        let key: Linear
        let value: Linear
        let output: Linear
        let feedForwardNorm: Norm
        let feedForward: FeedForward
        let headCount: Int

        init(_ config: CLIPConfig.Transformer, _ scope: ParameterScope) throws {
            let norm = NormKind.layer(epsilon: config.epsilon, affine: true)
            func projection(_ name: String) throws -> Linear {
                try Linear(config.width, config.width, bias: true, scope / "self_attn" / name)
            }
            headCount = config.headCount
            attentionNorm = try Norm(norm, config.width, scope / "layer_norm1")
            query = try projection("q_proj")
            key = try projection("k_proj")
            value = try projection("v_proj")
            output = try projection("out_proj")
            feedForwardNorm = try Norm(norm, config.width, scope / "layer_norm2")
            feedForward = try FeedForward(
                .plain(config.activation),
                config.width,
                inner: config.feedForwardSize,
                biases: true,
                scope / "mlp"
            )
        }

        func callAsFunction(_ x: Tensor, _ mask: AttentionMask) -> Tensor {
            let normed = attentionNorm(x)
            func heads(_ linear: Linear) -> Tensor {
                linear(normed).reshaped([x.size(0), x.size(1), headCount, -1])
                    .transposed(1, 2)  // [B, H, T, W]
            }
            let mixed = Tensor.attention(heads(query), heads(key), heads(value), mask: mask)
            let attended = x + output(mixed.transposed(1, 2).flattened(from: 2))
            return attended + feedForward(feedForwardNorm(attended))
        }
    }
}
