internal import Checkpoints
internal import Layers
internal import Tensors

// B batch, T positions, D and E the hidden sizes of the text and image towers.

/// Cross-attention between the towers after one pair of layers; both directions read the hidden states
/// before the bridge.
final class Bridge {
    private let toText: BridgeAttention?
    private let toImage: BridgeAttention?

    init(
        _ config: CrossConfig,
        _ direction: CrossConfig.Direction,
        text: Tower,
        image: Tower,
        _ scope: ParameterScope
    ) throws {
        toText =
            direction.writesToText
            ? try BridgeAttention(
                into: config.text,
                text,
                from: config.image,
                config,
                scope / "to_text"
            ) : nil
        toImage =
            direction.writesToImage
            ? try BridgeAttention(
                into: config.image,
                image,
                from: config.text,
                config,
                scope / "to_image"
            ) : nil
    }

    /// Where both towers read all tokens and attend to all positions.
    func callAsFunction(_ text: Tensor, _ image: Tensor, _ step: DecodingStep) -> (Tensor, Tensor) {
        (
            toText.map { text + $0(text, from: image, step) } ?? text,  // [B, T, D]
            toImage.map { image + $0(image, from: text, step) } ?? image  // [B, T, E]
        )
    }

    /// Where the towers differ in what they read; D and E over the positions of each.
    func callAsFunction(_ text: Tensor, _ image: Tensor, _ pass: CrossPass) -> (Tensor, Tensor) {
        (
            toText.map { $0.added(to: text, from: image, pass.toText) } ?? text,
            toImage.map { $0.added(to: image, from: text, pass.toImage) } ?? image
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
    private let gate: Tensor?  // [1] or [D]

    /// Declares the attention and, if they are its own, `input_norm` and `source_norm`, and its gate.
    init(
        into own: TowerConfig,
        _ tower: Tower,
        from source: TowerConfig,
        _ config: CrossConfig,
        _ scope: ParameterScope
    ) throws {
        var shape = own.attention
        shape.sourceWidth = source.hiddenSize
        var scheme = InitializationScheme.standard
        // Behind a gate that is zero, too, it would learn nothing.
        if config.gate == .none { scheme.residual = .constant(0) }
        attention = try Attention(shape, rotary: tower.rotary, initialization: scheme, scope)
        scale = own.parts.residualScale
        switch config.norms {
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
        gate = try config.gate.size(of: own).map {
            try scope.parameter(
                BridgeNames.gate,
                [$0],
                role: .scale,
                initially: .constant(0)
            )
        }
    }

    /// What x [B, T, D] takes from y [B, T, E] → [B, T, D].
    func callAsFunction(_ x: Tensor, from y: Tensor, _ step: DecodingStep) -> Tensor {
        let taken = attention(norm(x), to: sourceNorm(y), step).scaled(by: scale)
        return gate.map { taken * $0.tanh() } ?? taken
    }

    /// x with what it takes from the keys of a pass among y.
    func added(to x: Tensor, from y: Tensor, _ pass: BridgePass?) -> Tensor {
        guard let pass else { return x }
        if let step = pass.remembering { attention.remember(sourceNorm(pass.keys(y)), step) }
        guard let step = pass.step else { return x }
        let taken = self(x, from: pass.keys(y), step)
        return x + (pass.attending.map { taken * $0 } ?? taken)
    }
}

extension CrossConfig.Gate {
    /// The size of a gate into a tower; `nil` without one.
    package func size(of tower: TowerConfig) -> Int? {
        switch self {
        case .none: nil
        case .scalar: 1
        case .vector: tower.hiddenSize
        }
    }
}

/// The names of a bridge's own weights in a checkpoint.
package enum BridgeNames {
    /// The norm of the hidden states that queries are computed from.
    package static let inputNorm = "input_norm"
    /// The norm of the hidden states that keys and values are computed from.
    package static let sourceNorm = "source_norm"
    /// The gate of the output.
    package static let gate = "gate"
}
