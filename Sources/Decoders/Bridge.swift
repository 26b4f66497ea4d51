internal import Layers
internal import Tensors

// B batch, T positions. D and E are the hidden sizes of the tower that is written to and of the source.

/// Cross-attention between the towers after one pair of layers; both directions read the hidden states
/// before the bridge.
final class Bridge {
    private let toText: CrossAttention?
    private let toImage: CrossAttention?

    init(_ config: CrossConfig, text: Tower, image: Tower, _ scope: ParameterScope) throws {
        toText =
            config.direction == .toImage
            ? nil
            : try CrossAttention(
                into: config.text,
                from: config.image,
                rotary: text.rotary,
                config.bridgeNorm,
                scope / "to_text"
            )
        toImage =
            config.direction == .toText
            ? nil
            : try CrossAttention(
                into: config.image,
                from: config.text,
                rotary: image.rotary,
                config.bridgeNorm,
                scope / "to_image"
            )
    }

    func callAsFunction(_ text: Tensor, _ image: Tensor, _ step: DecodingStep) -> (Tensor, Tensor) {
        (
            toText.map { text + $0(text, to: image, step) } ?? text,
            toImage.map { image + $0(image, to: text, step) } ?? image
        )
    }
}

/// Attention from one tower to the other.
///
/// It has the shape of the attention of the tower that it writes to: biases, head norms and positions.
/// So has the norm of the queries' states; the source's states are normalized like them, or like
/// those of the source's tower if the hidden sizes differ. A norm after attention (Gemma 3, OLMo 2) is
/// left out: with an output projection that begins at zero it would bring the first small changes to
/// full size.
final class CrossAttention {
    private let norm: Norm
    private let sourceNorm: Norm
    private let attention: Attention
    private let scale: Double

    init(
        into tower: TowerConfig,
        from source: TowerConfig,
        rotary: RotaryEmbedding?,
        _ kind: CrossConfig.BridgeNorm,
        _ scope: ParameterScope
    ) throws {
        switch kind {
        case .plain:
            norm = Norm(withoutParameters: tower.parts.norm)
            sourceNorm = Norm(withoutParameters: source.parts.norm)
        case .affine:
            norm = try tower.bridgeNorm(scope / "norm")
            let like = source.hiddenSize == tower.hiddenSize ? tower : source
            sourceNorm = try like.bridgeNorm(scope / "source_norm")
        }
        scale = tower.parts.residualScale
        var shape = tower.attention
        shape.sourceWidth = source.hiddenSize
        var scheme = InitializationScheme.standard
        scheme.residual = .constant(0)
        attention = try Attention(shape, rotary: rotary, initialization: scheme, scope)
    }

    /// Attends from x [B, T, D] to `source` [B, T, E] → [B, T, D].
    func callAsFunction(_ x: Tensor, to source: Tensor, _ step: DecodingStep) -> Tensor {
        attention(norm(x), to: sourceNorm(source), step).scaled(by: scale)
    }
}

extension TowerConfig {
    /// A norm as before attention; without parameters where layers have none there.
    fileprivate func bridgeNorm(_ scope: ParameterScope) throws -> Norm {
        names.attentionNorm == nil ? Norm(withoutParameters: parts.norm) : try norm(scope)
    }
}
