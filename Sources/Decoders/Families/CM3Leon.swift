internal import Basics
internal import Layers

/// CM3Leon (Yu et al., 2023), the image model of JAM: OPT without biases and without anything learned
/// in its norms.
///
/// Nobody has published its weights. A config says `opt` with `enable_bias` and
/// `layer_norm_elementwise_affine` false, so that `transformers` loads it.
enum CM3Leon: FamilyDefinition {
    static let title = "CM3Leon"
    static let modelType = OPT.modelType
    static let groupsQueries = false
    static let parts = {
        var parts = TowerParts(
            norm: .layer(epsilon: 1e-5, affine: false),
            positions: .learned(offset: 2)
        )
        parts.feedForward = .plain(.relu)
        return parts
    }()

    // MARK: Config

    static func describes(_ reader: JSONReader) throws(JSONFieldError) -> Bool {
        let biased = try reader.bool("enable_bias", default: true)
        let affine = try reader.bool("layer_norm_elementwise_affine", default: true)
        return !biased && !affine
    }

    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        try OPT.config(.cm3leon, reader)
    }

    static func json(_ config: TowerConfig) -> JSON.Object { OPT.json(config) }

    // MARK: Weights

    static let names = OPT.names

    /// The paper's: normal with σ = 0.006, cut at 3σ; nothing at first out of the residual branches;
    /// positions with σ = 0.0002.
    static func fresh(layers: Int) -> FreshWeights {
        FreshWeights(
            matrix: .truncatedNormal(deviation: 0.006, cut: 3),
            residual: .constant(0),
            table: .truncatedNormal(deviation: 0.006, cut: 3),
            positions: .truncatedNormal(deviation: 0.0002, cut: 3)
        )
    }

    // MARK: Sizes

    /// The paper's layers and widths over its 56,320 text tokens and 8,192 image codes.
    ///
    /// It tells neither the heads (64 wide here, 128 in the largest) nor whether the head is the table
    /// (it is here: so the counts come nearest to the names).
    static var namedSizes: [NamedSize] {
        [("350M", 24, 1024, 16), ("760M", 24, 1536, 24), ("7B", 32, 4096, 32)].map {
            name,
            layers,
            width,
            heads in
            NamedSize(
                name: name,
                config: TowerConfig(
                    .cm3leon,
                    vocabularySize: 56_320 + 8192,
                    hiddenSize: width,
                    layerCount: layers,
                    headCount: heads,
                    feedForwardSize: 4 * width,
                    contextLength: 4096,
                    tiesEmbeddings: true
                )
            )
        }
    }
}
