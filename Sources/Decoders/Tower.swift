internal import Checkpoints
package import Layers
package import Tensors

// B batch, T positions, D width.

// MARK: - Layer

/// One layer: attention and feed-forward, each behind a norm and added to what came in.
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
        func norm(_ name: String) throws -> Norm {
            try Norm(
                config.parts.norm,
                config.hiddenSize,
                groups: config.normGroups,
                scope / name
            )
        }
        attentionNorm = try norm(names.attentionNorm)
        attention = try Attention(
            shape,
            rotary: rotary,
            outputName: names.attentionOutput,
            fresh: config.fresh,
            scope / TowerNames.attention
        )
        feedForwardNorm = try norm(names.feedForwardNorm)
        feedForward = try FeedForward(
            config.parts.feedForward,
            config.hiddenSize,
            inner: config.feedForwardSize,
            biases: config.parts.biases.feedForward,
            fresh: config.fresh,
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

/// The layers of a decoder without its tables: what a decoder and a Cross model are built of.
package final class Tower {
    private let positions: PositionEmbedding?
    private let layers: [DecoderLayer]
    private let norm: Norm
    /// The angles of all layers, which bridges to this tower share.
    let rotary: RotaryEmbedding?

    /// States the layers at `scope`, under the family's names.
    package init(_ config: TowerConfig, _ scope: ParameterScope) throws {
        let names = config.names
        let root = scope / names.root
        if case .learned(let offset) = config.parts.positions {
            positions = try PositionEmbedding(
                config.contextLength,
                config.hiddenSize,
                offset: offset,
                initially: config.fresh.positions,
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
        norm = try Norm(
            config.parts.norm,
            config.hiddenSize,
            groups: config.normGroups,
            root / names.finalNorm
        )
    }

    /// The number of layers.
    package var layerCount: Int { layers.count }

    /// Embeddings [B, T, D] as the first layer reads them: with their positions, where those are
    /// learned.
    package func placed(_ x: Tensor, _ step: DecodingStep) -> Tensor {
        positions.map { $0(x, step) } ?? x
    }

    /// x [B, T, D] through layer `index`.
    package func layer(_ index: Int, _ x: Tensor, _ step: DecodingStep) -> Tensor {
        layers[index](x, step)
    }

    /// x [B, T, D] through the norm after the last layer.
    package func finalNorm(_ x: Tensor) -> Tensor { norm(x) }
}
