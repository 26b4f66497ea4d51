internal import Basics
internal import Layers

/// Phi-3, Phi-3.5 and Phi-4 (Abdin et al., 2024): Llama's layers with queries, keys and values in one
/// weight and gate and up in another; longer contexts by LongRoPE.
enum Phi3: FamilyDefinition {
    static let title = "Phi-3"
    static let modelType = "phi3"
    static let parts = TowerParts(
        norm: .rms(epsilon: 1e-5),
        positions: .rotary(base: 10_000),
        feedForward: .gated(stacked: true),
        stacksAttentionInputs: true
    )

    private static let original = "original_max_position_embeddings"

    // MARK: Config

    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        var config = try LlamaKeys(
            vocabulary: 32_064,
            heads: 32,
            context: 4096,
            epsilon: 1e-5
        ).sizes(.phi3, reader)
        config.parts.feedForward = .gated(
            try Activation.read(reader, "hidden_act", default: .silu),
            stacked: true
        )
        config.parts.positions = try RotaryKeys(
            reader,
            config,
            originalContext: 4096,
            rotatesShares: true
        ).positions
        if reader.has("sliding_window") {
            let size = try reader.integer("sliding_window", atLeast: 1)
            config.parts.window = SlidingWindow(size: size)
        }
        return config
    }

    static func json(_ config: TowerConfig) -> JSON.Object {
        var json = LlamaKeys.json(config, architecture: "Phi3ForCausalLM")
        json["sliding_window"] = config.parts.window.map { .integer($0.size) } ?? .null
        if case .rotary(_, .longRope(let rope), _) = config.parts.positions {
            json[original] = .integer(rope.originalContext)
        }
        return json
    }
}
