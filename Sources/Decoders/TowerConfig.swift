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
        shape.scoreScale = parts.scoreScale
        return shape
    }

    /// The rotation of queries and keys; `nil` for learned positions.
    package var rotary: RotaryEmbedding? { rotary(parts.positions) }

    /// The rotation in layers with a window.
    package var windowedRotary: RotaryEmbedding? {
        parts.windowedPositions.map(rotary) ?? rotary
    }

    private func rotary(_ positions: PositionKind) -> RotaryEmbedding? {
        guard case .rotary(let base, let scaling, let share) = positions else { return nil }
        return RotaryEmbedding(
            headWidth: headWidth,
            rotatedWidth: Int(Double(headWidth) * share),
            base: base,
            scaling: scaling
        )
    }

    /// The longest sequence whose positions the model knows; `nil` if there is no limit.
    var positionLimit: Int? {
        switch parts.positions {
        case .learned: contextLength
        case .rotary(_, let scaling, _): scaling.longestSequence
        }
    }

    /// What token embeddings are multiplied by.
    var embeddingScale: Double {
        switch parts.embeddingScale {
        case .squareRootOfWidth: Double(hiddenSize / normGroups).squareRoot()
        case .factor(let factor): factor
        }
    }

    func norm(_ scope: ParameterScope) throws -> Norm {
        try Norm(parts.norm, hiddenSize, groups: normGroups, scope)
    }

    var initialization: InitializationScheme {
        family.definition.initialization(layers: layerCount)
    }
}
