internal import Basics
internal import Layers

/// OLMo 2 (OLMo Team, 2025): Llama's layers with norms after attention and feed-forward instead of
/// before them, and an RMS norm over all heads of queries and keys.
enum OLMo2: FamilyDefinition {
    static let title = "OLMo 2"
    static let modelType = "olmo2"
    static let parts = TowerParts(
        norm: .rms(epsilon: 1e-5),
        normPlacement: .after,
        positions: .rotary(base: 10_000),
        headNorm: .rmsOverHeads(epsilon: 1e-5)
    )

    // MARK: Config

    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        var config = try LlamaKeys(epsilon: 1e-5).config(.olmo2, reader)
        config.parts.biases = .attention(try reader.bool("attention_bias", default: false))
        if case .rms(let epsilon, _) = config.parts.norm {
            config.parts.headNorm = .rmsOverHeads(epsilon: epsilon)
        }
        return config
    }

    static func json(_ config: TowerConfig) -> JSON.Object {
        var json = LlamaKeys.json(config, architecture: "Olmo2ForCausalLM")
        json["attention_bias"] = .bool(config.parts.biases.attentionInputs)
        return json
    }

    // MARK: Weights

    static let names = TowerNames(
        attentionNorm: nil,
        attentionOutputNorm: "post_attention_layernorm",
        feedForwardNorm: nil,
        feedForwardOutputNorm: "post_feedforward_layernorm"
    )
}
