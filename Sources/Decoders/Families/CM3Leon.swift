internal import Basics
internal import Layers

/// CM3Leon (Yu et al., 2023), JAM's image model: OPT without biases and without affine parameters in
/// its norms.
///
/// Its weights are not published. The `model_type` is `opt` with `enable_bias` and
/// `layer_norm_elementwise_affine` false, so that `transformers` loads it.
enum CM3Leon: FamilyDefinition {
    static let title = "CM3Leon"
    static let modelType = OPT.modelType
    static let groupsQueries = false
    static let parts = TowerParts(
        norm: .layer(epsilon: 1e-5, affine: false),
        positions: .learned(offset: 2),
        feedForward: .plain(.relu)
    )

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

    static let otherKeys: [String] = []

    // MARK: Weights

    static let names = OPT.names

    /// As in the paper: truncated normal, std 0.006 and 0.0002 for positions, up to 3 std; zero for
    /// matrices that write into the residual stream.
    static func initialization(layers: Int) -> InitializationScheme {
        InitializationScheme(
            matrix: .truncatedNormal(std: 0.006, cut: 3),
            residual: .constant(0),
            table: .truncatedNormal(std: 0.006, cut: 3),
            positions: .truncatedNormal(std: 0.0002, cut: 3)
        )
    }
}
