internal import Checkpoints
internal import Layers
internal import Tensors

// B batch, T positions, D hidden size.

// MARK: - Layer

/// One layer: attention and feed-forward, each with norms before or after it and a residual connection.
final class DecoderLayer {
    private let attentionNorm: Norm?
    private let attention: Attention
    private let attentionOutputNorm: Norm?
    private let feedForwardNorm: Norm?
    private let feedForward: FeedForward
    private let feedForwardOutputNorm: Norm?
    private let residualScale: Double

    init(
        _ config: TowerConfig,
        _ index: Int,
        rotary: Rotations,
        _ scope: ParameterScope
    ) throws {
        let names = config.names
        func norm(_ name: String?) throws -> Norm? {
            try name.map { try config.norm(scope / $0) }
        }
        let window = config.parts.window.flatMap { $0.fullLayers.contains(index) ? nil : $0.size }
        var shape = config.attention
        shape.window = window
        shape.stacksInputs = config.parts.stacksAttentionInputs
        let layerRotary = window == nil ? rotary.full : rotary.windowed
        residualScale = config.parts.residualScale
        attentionNorm = try norm(names.attentionNorm)
        attention = try Attention(
            shape,
            rotary: config.parts.unrotatedLayers.contains(index) ? nil : layerRotary,
            outputName: names.attentionOutput,
            initialization: config.initialization,
            scope / TowerNames.attention
        )
        attentionOutputNorm = try norm(names.attentionOutputNorm)
        feedForwardNorm = try norm(names.feedForwardNorm)
        feedForward = try FeedForward(
            config.parts.feedForward,
            config.hiddenSize,
            inner: config.feedForwardSize,
            biases: config.parts.biases.feedForward,
            initialization: config.initialization,
            names.feedForward.map { scope / $0 } ?? scope
        )
        feedForwardOutputNorm = try norm(names.feedForwardOutputNorm)
    }

    func callAsFunction(_ input: Tensor, _ step: DecodingStep) -> Tensor {
        let normed = attentionNorm.applied(to: input)
        let attended = attentionOutputNorm.applied(to: attention(normed, to: normed, step))
        let x = input + attended.scaled(by: residualScale)
        let transformed = feedForward(feedForwardNorm.applied(to: x))
        return x + feedForwardOutputNorm.applied(to: transformed).scaled(by: residualScale)
    }
}

extension Norm? {
    /// What a place without a norm leaves as it is.
    fileprivate func applied(to x: Tensor) -> Tensor { map { $0(x) } ?? x }
}

extension Tensor {
    func scaled(by factor: Double) -> Tensor { factor == 1 ? self : self * factor }
}

// MARK: - Tower

/// The rotations of queries and keys, shared by layers.
struct Rotations {
    let full: RotaryEmbedding?
    let windowed: RotaryEmbedding?
}

/// The layers of a decoder without input table and head; a Cross model has two.
final class Tower {
    private let positions: PositionEmbedding?
    private let layers: [DecoderLayer]
    private let norm: Norm
    private let embeddingScale: Double
    private let outputScale: Double
    /// Shared by the layers without a window and by the bridges into this tower.
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
        let full = config.rotary
        let rotary = Rotations(
            full: full,
            windowed: config.parts.windowedPositions == nil ? full : config.windowedRotary
        )
        self.rotary = full
        embeddingScale = config.embeddingScale
        outputScale = config.parts.outputScale
        layers = try (0..<config.layerCount).map {
            try DecoderLayer(config, $0, rotary: rotary, root / "layers" / $0)
        }
        norm = try config.norm(root / names.finalNorm)
    }

    var layerCount: Int { layers.count }

    /// Scales embeddings [B, T, D] and adds learned positions, as the family does.
    func input(_ embeddings: Tensor, _ step: DecodingStep) -> Tensor {
        let x = embeddings.scaled(by: embeddingScale)
        return positions.map { $0(x, step) } ?? x
    }

    func layer(_ index: Int, _ x: Tensor, _ step: DecodingStep) -> Tensor {
        layers[index](x, step)
    }

    /// The hidden states that the head reads.
    func output(_ x: Tensor) -> Tensor { norm(x).scaled(by: outputScale) }
}
