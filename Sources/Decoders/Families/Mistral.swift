internal import Basics
internal import Layers

/// Mistral (Jiang et al., 2023): Llama's layers without biases; version 0.1 has a sliding window.
enum Mistral: FamilyDefinition {
    static let title = "Mistral"
    static let modelType = "mistral"
    static let parts = TowerParts(
        norm: .rms(epsilon: 1e-5),
        positions: .rotary(base: 10_000, scaling: .none)
    )

    // MARK: Config

    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        var config = try LlamaKeys(keyValueHeads: 8, context: 131_072).config(.mistral, reader)
        // A missing member means 4096; `null` means no window.
        if reader.object["sliding_window"] != .null {
            let size = try reader.integer("sliding_window", default: 4096, atLeast: 1)
            config.parts.window = SlidingWindow(size: size)
        }
        return config
    }

    static func json(_ config: TowerConfig) -> JSON.Object {
        var json = LlamaKeys.json(config, architecture: "MistralForCausalLM")
        json["sliding_window"] = config.parts.window.map { .integer($0.size) } ?? .null
        return json
    }
}
