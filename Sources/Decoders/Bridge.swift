internal import Layers
internal import Tensors

// B batch, T positions, D and E the hidden sizes of the text and image towers.

/// Cross-attention between the towers after one pair of layers; both directions read the hidden states
/// before the bridge.
final class Bridge {
    private let toText: BridgeAttention?
    private let toImage: BridgeAttention?

    init(_ config: CrossConfig, text: Tower, image: Tower, _ scope: ParameterScope) throws {
        toText =
            config.direction == .toImage
            ? nil
            : try BridgeAttention(
                into: config.text,
                text,
                from: config.image,
                config.norms,
                scope / "to_text"
            )
        toImage =
            config.direction == .toText
            ? nil
            : try BridgeAttention(
                into: config.image,
                image,
                from: config.text,
                config.norms,
                scope / "to_image"
            )
    }

    func callAsFunction(_ text: Tensor, _ image: Tensor, _ step: DecodingStep) -> (Tensor, Tensor) {
        (
            toText.map { text + $0(text, from: image, step) } ?? text,  // [B, T, D]
            toImage.map { image + $0(image, from: text, step) } ?? image  // [B, T, E]
        )
    }
}

/// Attention into one tower, of the shape of that tower's own: biases, head norms and positions, but
/// to all positions where the tower has a sliding window.
///
/// A norm after attention (Gemma 3, OLMo 2) is left out: with an output projection that begins at zero
/// it would bring the first small changes to full size.
private final class BridgeAttention {
    private let attention: Attention
    private let norm: Norm
    private let sourceNorm: Norm
    private let scale: Double

    /// Declares the attention and, if they are its own, `input_norm` and `source_norm`.
    init(
        into own: TowerConfig,
        _ tower: Tower,
        from source: TowerConfig,
        _ norms: CrossConfig.BridgeNorms,
        _ scope: ParameterScope
    ) throws {
        var shape = own.attention
        shape.sourceWidth = source.hiddenSize
        var scheme = InitializationScheme.standard
        scheme.residual = .constant(0)
        attention = try Attention(shape, rotary: tower.rotary, initialization: scheme, scope)
        scale = own.parts.residualScale
        switch norms {
        case .own where own.names.attentionNorm != nil:
            norm = try own.norm(scope / BridgeNames.inputNorm)
            sourceNorm = try Norm(
                own.parts.norm,
                source.hiddenSize,
                groups: source.normGroups,
                scope / BridgeNames.sourceNorm
            )
        // Where layers have no norm before attention, a bridge has one without weights.
        case .plain, .own:
            norm = Norm(withoutParameters: own.parts.norm)
            sourceNorm = Norm(withoutParameters: source.parts.norm)
        }
    }

    /// What x [B, T, D] takes from y [B, T, E] → [B, T, D].
    func callAsFunction(_ x: Tensor, from y: Tensor, _ step: DecodingStep) -> Tensor {
        attention(norm(x), to: sourceNorm(y), step).scaled(by: scale)
    }
}

/// The names of a bridge's norms in a checkpoint.
package enum BridgeNames {
    /// The norm of the hidden states that queries are computed from.
    package static let inputNorm = "input_norm"
    /// The norm of the hidden states that keys and values are computed from.
    package static let sourceNorm = "source_norm"
}
