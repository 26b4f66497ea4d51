internal import Basics
internal import Layers

/// Granite 3 (Granite Team, 2024): Llama's layers with multipliers of embeddings, attention scores,
/// residual connections and logits.
enum Granite: FamilyDefinition {
    static let title = "Granite"
    static let modelType = "granite"
    static let parts = TowerParts(
        norm: .rms(epsilon: 1e-6),
        positions: .rotary(base: 10_000),
        scoreScale: 1
    )

    // MARK: Config

    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        func multiplier(_ key: String) throws(JSONFieldError) -> Double {
            let value = try reader.number(key, default: 1)
            guard value.isFinite, value != 0 else {
                throw reader.failure(key, "\(value) is not a number other than 0")
            }
            return value
        }
        var config = try LlamaKeys().config(.granite, reader)
        config.parts.biases = .attention(
            try reader.bool("attention_bias", default: false),
            feedForward: try reader.bool("mlp_bias", default: false)
        )
        config.parts.embeddingScale = .factor(try multiplier("embedding_multiplier"))
        config.parts.scoreScale = try multiplier("attention_multiplier")
        config.parts.residualScale = try multiplier("residual_multiplier")
        config.parts.outputScale = 1 / (try multiplier("logits_scaling"))
        return config
    }

    static func json(_ config: TowerConfig) -> JSON.Object {
        var json = LlamaKeys.json(config, architecture: "GraniteForCausalLM")
        json["attention_bias"] = .bool(config.parts.biases.attentionInputs)
        json["mlp_bias"] = .bool(config.parts.biases.feedForward)
        if case .factor(let factor) = config.parts.embeddingScale {
            json["embedding_multiplier"] = .number(factor)
        }
        json["attention_multiplier"] = .number(config.parts.scoreScale ?? 1)
        json["residual_multiplier"] = .number(config.parts.residualScale)
        json["logits_scaling"] = .number(1 / config.parts.outputScale)
        return json
    }
}
