internal import Basics
internal import Layers

/// SmolLM3 (Hugging Face, 2025): Llama's layers, every fourth of them without rotary positions.
enum SmolLM3: FamilyDefinition {
    static let title = "SmolLM3"
    static let modelType = "smollm3"
    static let parts = TowerParts(
        norm: .rms(epsilon: 1e-6),
        positions: .rotary(base: 2_000_000)
    )

    private static let interval = "no_rope_layer_interval"

    // MARK: Config

    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        let keys = LlamaKeys(
            vocabulary: 128_256,
            heads: 16,
            keyValueHeads: 4,
            context: 32_768,
            base: 2_000_000,
            ties: true
        )
        var config = try keys.config(.smollm3, reader)
        config.parts.biases = .attention(
            try reader.bool("attention_bias", default: false),
            feedForward: try reader.bool("mlp_bias", default: false)
        )
        config.parts.unrotatedLayers = try unrotatedLayers(reader, layers: config.layerCount)
        config.parts.window = try window(reader, config)
        return config
    }

    /// In `no_rope_layers`, 0 means a layer without rotary positions.
    private static func unrotatedLayers(_ reader: JSONReader, layers: Int) throws(JSONFieldError)
        -> Set<Int>
    {
        guard reader.has("no_rope_layers") else {
            let interval = try reader.integer(interval, default: 4, atLeast: 1)
            return Set((0..<layers).filter { ($0 + 1) % interval == 0 })
        }
        let rotates = try reader.integers("no_rope_layers")
        guard rotates.count == layers, rotates.allSatisfy({ $0 == 0 || $0 == 1 }) else {
            throw reader.failure("no_rope_layers", "\(layers) numbers, each 0 or 1, are expected")
        }
        return Set(rotates.indices.filter { rotates[$0] == 0 })
    }

    private static func window(_ reader: JSONReader, _ config: TowerConfig) throws(JSONFieldError)
        -> SlidingWindow?
    {
        guard try reader.bool("use_sliding_window", default: false), reader.has("sliding_window")
        else { return nil }
        let size = try reader.integer("sliding_window", atLeast: 1)
        let named = try LayerTypes.fullLayers(reader, layers: config.layerCount)
        let full = named ?? Set(0..<config.layerCount).subtracting(config.parts.unrotatedLayers)
        return full.count < config.layerCount ? SlidingWindow(size: size, fullLayers: full) : nil
    }

    static func json(_ config: TowerConfig) -> JSON.Object {
        var json = LlamaKeys.json(config, architecture: "SmolLM3ForCausalLM")
        let (window, unrotated) = (config.parts.window, config.parts.unrotatedLayers)
        json["attention_bias"] = .bool(config.parts.biases.attentionInputs)
        json["mlp_bias"] = .bool(config.parts.biases.feedForward)
        json["no_rope_layers"] = .array(
            (0..<config.layerCount).map { unrotated.contains($0) ? 0 : 1 }
        )
        json["use_sliding_window"] = .bool(window != nil)
        json["sliding_window"] = window.map { .integer($0.size) } ?? .null
        json[LayerTypes.key] = LayerTypes.json(window, layers: config.layerCount)
        return json
    }

    static let otherKeys = RotaryKeys.all + [interval]
}
