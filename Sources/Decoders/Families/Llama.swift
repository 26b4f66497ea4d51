internal import Basics
internal import Layers

/// Llama (Touvron et al., 2023; Grattafiori et al., 2024): pre-norm with RMS norm, rotary positions,
/// SwiGLU, grouped-query attention.
enum Llama: FamilyDefinition {
    static let title = "Llama"
    static let modelType = "llama"
    static let parts = TowerParts(
        norm: .rms(epsilon: 1e-5),
        positions: .rotary(base: 10_000, scaling: .none)
    )

    // MARK: Config

    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        var config = try LlamaKeys().config(.llama, reader)
        config.parts.biases = .attention(
            try reader.bool("attention_bias", default: false),
            feedForward: try reader.bool("mlp_bias", default: false)
        )
        return config
    }

    static func json(_ config: TowerConfig) -> JSON.Object {
        var json = LlamaKeys.json(config, architecture: "LlamaForCausalLM")
        json["attention_bias"] = .bool(config.parts.biases.attentionInputs)
        json["mlp_bias"] = .bool(config.parts.biases.feedForward)
        return json
    }
}
