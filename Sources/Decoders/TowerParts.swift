package import Layers

/// Attention to the last positions only.
package struct SlidingWindow: Sendable, Equatable {
    /// The number of positions that a token attends to, itself included.
    package var size: Int
    /// The layers that attend to all positions nevertheless, counted from zero.
    package var fullLayers: Set<Int> = []

    var trait: String {
        guard !fullLayers.isEmpty else { return "\(size) positions" }
        guard fullLayers != Set(0..<fullLayers.count) else {
            return "\(size) positions from layer \(fullLayers.count)"
        }
        return "\(size) positions except in layers \(fullLayers.listed)"
    }
}

/// What varies between families.
package struct TowerParts: Sendable, Equatable {
    package var norm: NormKind
    package var normPlacement = NormPlacement.before
    package var positions: PositionKind
    /// The positions in layers with a window; `nil` for the same ones.
    package var windowedPositions: PositionKind?
    /// The layers that do not rotate queries and keys, counted from zero.
    package var unrotatedLayers: Set<Int> = []
    package var biases = Biases()
    package var headNorm = HeadNormKind.none
    package var feedForward = FeedForwardKind.gated()
    /// Whether queries, keys and values are one weight.
    package var stacksAttentionInputs = false
    package var window: SlidingWindow?
    package var embeddingScale = EmbeddingScale.factor(1)
    /// What queries · keys are multiplied by; `nil` for 1 / √head size.
    package var scoreScale: Double?
    /// What the outputs of attention and feed-forward are multiplied by.
    package var residualScale = 1.0
    /// What the hidden states that the head reads are multiplied by.
    package var outputScale = 1.0

    /// Where a layer's norms are; one follows the last layer in any case.
    package enum NormPlacement: Sendable, Equatable {
        /// Before attention and before feed-forward.
        case before
        /// After attention and after feed-forward, before they are added (OLMo 2).
        case after
        /// Before and after (Gemma 3).
        case around
    }

    /// What token embeddings are multiplied by.
    package enum EmbeddingScale: Sendable, Equatable {
        case factor(Double)
        case squareRootOfWidth
    }

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
}

extension Set<Int> {
    /// `3, 7, 11`.
    var listed: String { sorted().map(String.init).joined(separator: ", ") }
}
