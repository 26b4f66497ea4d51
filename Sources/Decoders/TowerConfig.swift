package import Basics
internal import Checkpoints
package import Layers

/// What a decoder is, whatever its family: its sizes, and the parts that it is made of.
///
/// A family reads its `config.json` into this and writes it back; one straight ``Tower`` is built of
/// it.
package struct TowerConfig: Sendable, Equatable {
    /// The family, which knows how configs and weights are spelled.
    package var family: Family
    /// V: the rows of the embedding table.
    package var vocabularySize: Int
    /// D.
    package var hiddenSize: Int
    /// The number of layers.
    package var layerCount: Int
    /// H.
    package var headCount: Int
    /// K.
    package var keyValueHeadCount: Int
    /// W.
    package var headWidth: Int
    /// The inner width of the feed-forward layers.
    package var feedForwardSize: Int
    /// The longest sequence that the model was made for.
    package var contextLength: Int
    /// Whether the output projection is the embedding table.
    package var tiesEmbeddings: Bool
    /// What the layers are made of.
    package var parts: TowerParts
    /// Over how many equal parts of a state the norms are taken: 2 in a `jam_width` model.
    package var normGroups = 1
    /// The members of `config.json` that say nothing to us and are kept.
    package var others = JSON.Object()

    /// A spec sheet: the sizes, and the family's usual parts.
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

    /// The sizes and parts of attention, without a window.
    package var attention: AttentionShape {
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

    /// What turns queries and keys, where anything does.
    var rotary: RotaryEmbedding? {
        guard case .rotary(let base, let scaling) = parts.positions else { return nil }
        return RotaryEmbedding(headWidth: headWidth, base: base, scaling: scaling)
    }

    /// What the weights are before training.
    var fresh: FreshWeights { family.definition.fresh(layers: layerCount) }
}

/// Attention to the nearest positions only.
package struct SlidingWindow: Sendable, Equatable {
    /// How many positions a token attends to, itself included.
    package var size: Int
    /// The first layer that is so narrow, counted from zero; the layers below see everything.
    package var firstLayer: Int

    /// Sets both.
    package init(size: Int, firstLayer: Int = 0) {
        self.size = size
        self.firstLayer = firstLayer
    }

    fileprivate var word: String {
        "\(size) positions" + (firstLayer == 0 ? "" : " from layer \(firstLayer)")
    }
}

/// What varies between families, part by part.
package struct TowerParts: Sendable, Equatable {
    /// The norms before attention, before feed-forward and at the end.
    package var norm: NormKind
    /// How the model knows where a token stands.
    package var positions: PositionKind
    /// Which linear layers have biases.
    package var biases = Biases()
    /// How queries and keys are normed.
    package var headNorm = HeadNormKind.none
    /// What lies between the matrices of the feed-forward layers.
    package var feedForward = FeedForwardKind.gated
    /// How far back the upper layers see, where that is not to the beginning.
    package var window: SlidingWindow?

    /// Which linear layers have biases.
    package struct Biases: Sendable, Equatable {
        /// Queries, keys and values.
        package var attentionInputs = false
        /// The output of attention.
        package var attentionOutput = false
        /// Both ends of feed-forward.
        package var feedForward = false

        /// None.
        package init() {}

        /// All of them.
        package static let all = {
            var biases = Biases()
            (biases.attentionInputs, biases.attentionOutput) = (true, true)
            biases.feedForward = true
            return biases
        }()
    }

    /// What differs in no matter of taste: which function the parts compute, in a word each.
    ///
    /// Parents whose words are alike can be averaged; numbers such as an epsilon are left out.
    package var words: [(setting: String, value: String)] {
        [
            ("norm", norm.word), ("positions", positions.word), ("biases", biases.word),
            ("query-key norm", headNorm.word), ("feed-forward", feedForward.word),
            ("sliding window", window.map(\.word) ?? "none"),
        ]
    }
}

extension TowerParts {
    /// The numbers of the parts, by the names that configs give them.
    package var numbers: [(setting: String, value: String)] {
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

extension NormKind {
    fileprivate var word: String {
        switch self {
        case .rms: "RMS norm"
        case .layer(_, affine: true): "layer norm"
        case .layer(_, affine: false): "layer norm without weights"
        }
    }
}

extension PositionKind {
    fileprivate var word: String {
        switch self {
        case .rotary(_, .none): "rotary"
        case .rotary(_, .llama3): "rotary, stretched as Llama 3"
        case .learned: "learned"
        }
    }
}

extension TowerParts.Biases {
    fileprivate var word: String {
        let names = [
            attentionInputs ? "queries, keys, values" : nil,
            attentionOutput ? "attention output" : nil, feedForward ? "feed-forward" : nil,
        ].compactMap(\.self)
        return names.isEmpty ? "none" : names.joined(separator: ", ")
    }
}

extension HeadNormKind {
    fileprivate var word: String {
        switch self {
        case .none: "none"
        case .rms: "RMS norm, shared by heads"
        case .layerPerHead: "layer norm, each head its own"
        }
    }
}

extension FeedForwardKind {
    fileprivate var word: String {
        switch self {
        case .gated: "SwiGLU"
        case .plain(let activation): activation.rawValue
        }
    }
}
