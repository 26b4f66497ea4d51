internal import Basics
internal import Layers

/// Qwen3 (Yang et al., 2025): Llama's layers with an RMS norm over each head of queries and keys.
enum Qwen3: FamilyDefinition {
    static let title = "Qwen3"
    static let modelType = "qwen3"
    static let parts = TowerParts(
        norm: .rms(epsilon: 1e-6),
        positions: .rotary(base: 1_000_000, scaling: .none),
        headNorm: .rms(epsilon: 1e-6)
    )

    // MARK: Config

    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        var config = try LlamaKeys(headWidth: 128, context: 32_768).config(.qwen3, reader)
        config.parts.biases = .attention(try reader.bool("attention_bias", default: false))
        if case .rms(let epsilon, _) = config.parts.norm {
            config.parts.headNorm = .rms(epsilon: epsilon)
        }
        config.parts.window = try QwenWindow.read(reader, layers: config.layerCount)
        return config
    }

    static func json(_ config: TowerConfig) -> JSON.Object {
        var json = LlamaKeys.json(config, architecture: "Qwen3ForCausalLM")
        json["attention_bias"] = .bool(config.parts.biases.attentionInputs)
        QwenWindow.write(config, to: &json)
        return json
    }

    static let otherKeys = RotaryKeys.all + QwenWindow.otherKeys
}
