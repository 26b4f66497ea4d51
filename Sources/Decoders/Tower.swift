internal import Checkpoints
internal import Layers
internal import Tensors

// B batch, T positions, D hidden size.

// MARK: - Layer

/// One pre-norm layer: attention and feed-forward, each with a norm and a residual connection.
final class DecoderLayer {
    private let attentionNorm: Norm
    private let attention: Attention
    private let feedForwardNorm: Norm
    private let feedForward: FeedForward

    init(
        _ config: TowerConfig,
        _ index: Int,
        rotary: RotaryEmbedding?,
        _ scope: ParameterScope
    ) throws {
        let names = config.names
        var shape = config.attention
        if let window = config.parts.window, index >= window.firstLayer {
            shape.window = window.size
        }
        attentionNorm = try config.norm(scope / names.attentionNorm)
        attention = try Attention(
            shape,
            rotary: rotary,
            outputName: names.attentionOutput,
            initialization: config.initialization,
            scope / TowerNames.attention
        )
        feedForwardNorm = try config.norm(scope / names.feedForwardNorm)
        feedForward = try FeedForward(
            config.parts.feedForward,
            config.hiddenSize,
            inner: config.feedForwardSize,
            biases: config.parts.biases.feedForward,
            initialization: config.initialization,
            names.feedForward.map { scope / $0 } ?? scope
        )
    }

    func callAsFunction(_ input: Tensor, _ step: DecodingStep) -> Tensor {
        let normed = attentionNorm(input)
        let x = input + attention(normed, to: normed, step)
        return x + feedForward(feedForwardNorm(x))
    }
}

// MARK: - Tower

/// The layers of a decoder without input table and head; a Cross model has two.
final class Tower {
    private let positions: PositionEmbedding?
    private let layers: [DecoderLayer]
    private let norm: Norm
    /// Shared by all layers and by the bridges into this tower.
    let rotary: RotaryEmbedding?

    init(_ config: TowerConfig, _ scope: ParameterScope) throws {
        let names = config.names
        let root = scope / names.root
        if case .learned(let offset) = config.parts.positions {
            positions = try PositionEmbedding(
                config.contextLength,
                config.hiddenSize,
                offset: offset,
                initially: config.initialization.positions,
                root / names.positions
            )
        } else {
            positions = nil
        }
        let rotary = config.rotary
        self.rotary = rotary
        layers = try (0..<config.layerCount).map {
            try DecoderLayer(config, $0, rotary: rotary, root / "layers" / $0)
        }
        norm = try config.norm(root / names.finalNorm)
    }

    var layerCount: Int { layers.count }

    /// Adds learned positions, if the family has them, to embeddings [B, T, D].
    func withPositions(_ x: Tensor, _ step: DecodingStep) -> Tensor {
        positions.map { $0(x, step) } ?? x
    }

    func layer(_ index: Int, _ x: Tensor, _ step: DecodingStep) -> Tensor {
        layers[index](x, step)
    }

    func finalNorm(_ x: Tensor) -> Tensor { norm(x) }
}
