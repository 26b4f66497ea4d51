internal import Basics
internal import Layers

/// Qwen2 and Qwen2.5 (Yang et al., 2024): Llama's layers with biases on queries, keys and values.
enum Qwen2: FamilyDefinition {
    static let title = "Qwen2"
    static let modelType = "qwen2"
    static let parts = TowerParts(
        norm: .rms(epsilon: 1e-6),
        positions: .rotary(base: 1_000_000, scaling: .none),
        biases: .init(attentionInputs: true)
    )

    // MARK: Config

    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        var config = try LlamaKeys(context: 32_768).config(.qwen2, reader)
        config.parts.window = try QwenWindow.read(reader, layers: config.layerCount)
        return config
    }

    static func json(_ config: TowerConfig) -> JSON.Object {
        var json = LlamaKeys.json(config, architecture: "Qwen2ForCausalLM")
        QwenWindow.write(config, to: &json)
        return json
    }

    static let otherKeys = RotaryKeys.all + QwenWindow.otherKeys
}

/// The members of a Qwen config about its sliding window.
enum QwenWindow {
    /// A newer alternative to `max_window_layers`.
    static let otherKeys = [LayerTypes.key, "max_window_layers"]

    /// Reads them; without `use_sliding_window` the others are ignored.
    static func read(_ reader: JSONReader, layers: Int) throws(JSONFieldError) -> SlidingWindow? {
        guard try reader.bool("use_sliding_window", default: false) else { return nil }
        // A missing member means 4096; `null` means no window.
        guard reader.object["sliding_window"] != .null else { return nil }
        let size = try reader.integer("sliding_window", default: 4096, atLeast: 1)
        let named = try LayerTypes.fullLayers(reader, layers: layers)
        let first = try reader.integer("max_window_layers", default: 28, atLeast: 0)
        let full = named ?? Set(0..<min(first, layers))
        return full.count < layers ? SlidingWindow(size: size, fullLayers: full) : nil
    }

    static func write(_ config: TowerConfig, to json: inout JSON.Object) {
        json["use_sliding_window"] = .bool(config.parts.window != nil)
        guard let window = config.parts.window else { return }
        json["sliding_window"] = .integer(window.size)
        guard window.fullLayers == Set(0..<window.fullLayers.count) else {
            json[LayerTypes.key] = LayerTypes.json(window, layers: config.layerCount)
            return
        }
        json["max_window_layers"] = .integer(window.fullLayers.count)
    }
}
