package import Basics
internal import Checkpoints
package import Layers

/// The sizes and parts of a decoder of any family.
///
/// A family reads its `config.json` into this and writes it back; one ``Tower`` is built from it.
package struct TowerConfig: Sendable, Equatable {
    package var family: Family
    package var vocabularySize: Int
    package var hiddenSize: Int
    package var layerCount: Int
    package var headCount: Int
    package var keyValueHeadCount: Int
    package var headWidth: Int
    /// The inner size of the feed-forward layers.
    package var feedForwardSize: Int
    package var contextLength: Int
    /// Whether the output projection is the input table.
    package var tiesEmbeddings: Bool
    package var parts: TowerParts
    /// The number of equal parts of a hidden state that are normalized separately; 2 in a `jam_width`
    /// model.
    package var normGroups = 1
    /// Unknown members of `config.json`, which are kept.
    package var others = JSON.Object()

    /// These sizes with the family's default parts.
    package init(
        _ family: Family = .llama,
        vocabularySize: Int,
        hiddenSize: Int,
        layerCount: Int,
        headCount: Int,
        keyValueHeadCount: Int? = nil,
        headWidth: Int? = nil,
        feedForwardSize: Int,
        contextLength: Int,
        tiesEmbeddings: Bool = false
    ) {
        self.family = family
        self.vocabularySize = vocabularySize
        self.hiddenSize = hiddenSize
        self.layerCount = layerCount
        self.headCount = headCount
        self.keyValueHeadCount = keyValueHeadCount ?? headCount
        self.headWidth = headWidth ?? hiddenSize / headCount
        self.feedForwardSize = feedForwardSize
        self.contextLength = contextLength
        self.tiesEmbeddings = tiesEmbeddings
        parts = family.definition.parts
    }

    /// The attention shape, without a window.
    var attention: AttentionShape {
        var shape = AttentionShape(
            width: hiddenSize,
            headCount: headCount,
            keyValueHeadCount: keyValueHeadCount,
            headWidth: headWidth
        )
        shape.biasesInputs = parts.biases.attentionInputs
        shape.biasesOutput = parts.biases.attentionOutput
        shape.headNorm = parts.headNorm
        shape.headGroups = normGroups
        return shape
    }

    var rotary: RotaryEmbedding? {
        guard case .rotary(let base, let scaling) = parts.positions else { return nil }
        return RotaryEmbedding(headWidth: headWidth, base: base, scaling: scaling)
    }

    func norm(_ scope: ParameterScope) throws -> Norm {
        try Norm(parts.norm, hiddenSize, groups: normGroups, scope)
    }

    var initialization: InitializationScheme {
        family.definition.initialization(layers: layerCount)
    }
}

/// Attention to the last positions only.
package struct SlidingWindow: Sendable, Equatable {
    /// The number of positions that a token attends to, itself included.
    package var size: Int
    /// The first layer with the window, counted from zero; the layers below it attend to all positions.
    package var firstLayer: Int

    fileprivate var trait: String {
        "\(size) positions" + (firstLayer == 0 ? "" : " from layer \(firstLayer)")
    }
}

/// What varies between families.
package struct TowerParts: Sendable, Equatable {
    /// The norms before attention, before feed-forward and after the last layer.
    package var norm: NormKind
    package var positions: PositionKind
    package var biases = Biases()
    package var headNorm = HeadNormKind.none
    package var feedForward = FeedForwardKind.gated
    package var window: SlidingWindow?

    /// Which linear layers have biases.
    package struct Biases: Sendable, Equatable {
        /// The query, key and value projections.
        var attentionInputs = false
        var attentionOutput = false
        var feedForward = false

        static let all = Biases(attentionInputs: true, attentionOutput: true, feedForward: true)

        /// Biases in attention, as the member `attention_bias` switches them.
        static func attention(_ isOn: Bool, feedForward: Bool = false) -> Biases {
            Biases(attentionInputs: isOn, attentionOutput: isOn, feedForward: feedForward)
        }
    }

    /// The kind of each part: models with equal traits compute the same function of their weights,
    /// except for their ``hyperparameters``.
    package var traits: [(setting: String, value: String)] {
        let norm =
            switch norm {
            case .rms: "RMS norm"
            case .layer(_, affine: true): "layer norm"
            case .layer(_, affine: false): "layer norm without parameters"
            }
        let positions =
            switch positions {
            case .rotary(_, .none): "rotary"
            case .rotary(_, .llama3): "rotary, scaled as in Llama 3"
            case .learned: "learned"
            }
        let biased = [
            biases.attentionInputs ? "queries, keys, values" : nil,
            biases.attentionOutput ? "attention output" : nil,
            biases.feedForward ? "feed-forward" : nil,
        ].compactMap(\.self)
        let headNorm =
            switch headNorm {
            case .none: "none"
            case .rms: "RMS norm, shared by heads"
            case .layerPerHead: "layer norm, one per head"
            }
        let feedForward =
            switch feedForward {
            case .gated: "SwiGLU"
            case .plain(let activation): activation.rawValue
            }
        return [
            ("norm", norm), ("positions", positions),
            ("biases", biased.isEmpty ? "none" : biased.joined(separator: ", ")),
            ("query-key norm", headNorm), ("feed-forward", feedForward),
            ("sliding window", window.map(\.trait) ?? "none"),
        ]
    }

    /// The hyperparameters of the parts, by their names in configs.
    package var hyperparameters: [(setting: String, value: String)] {
        var numbers: [(setting: String, value: String)] = []
        if case .rotary(let base, let scaling) = positions {
            numbers.append(("rope_theta", "\(base)"))
            if case .llama3(let factor, let low, let high, let context) = scaling {
                let values = "factor \(factor), \(low) to \(high) of \(context)"
                numbers.append(("rope_scaling", values))
            }
        }
        switch norm {
        case .rms(let epsilon): numbers.append(("rms_norm_eps", "\(epsilon)"))
        case .layer(let epsilon, _): numbers.append(("layer_norm_eps", "\(epsilon)"))
        }
        return numbers
    }
}
