internal import Basics
internal import Layers

/// Llama (Touvron et al., 2023; Grattafiori et al., 2024): RMS norm before each part, rotary
/// positions, SwiGLU, grouped queries.
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
        let attention = try reader.bool("attention_bias", default: false)
        config.parts.biases.attentionInputs = attention
        config.parts.biases.attentionOutput = attention
        config.parts.biases.feedForward = try reader.bool("mlp_bias", default: false)
        return config
    }

    static func json(_ config: TowerConfig) -> JSON.Object {
        var json = LlamaKeys.json(config, architecture: "LlamaForCausalLM")
        json["attention_bias"] = .bool(config.parts.biases.attentionInputs)
        json["mlp_bias"] = .bool(config.parts.biases.feedForward)
        return json
    }

    static let otherKeys = RotaryKeys.all

    // MARK: Sizes

    static var namedSizes: [NamedSize] {
        var small = TowerConfig(
            .llama,
            vocabularySize: 128_256,
            hiddenSize: 2048,
            layerCount: 16,
            headCount: 32,
            keyValueHeadCount: 8,
            feedForwardSize: 8192,
            contextLength: 131_072,
            tiesEmbeddings: true
        )
        small.parts.positions = llama3(factor: 32)
        var large = TowerConfig(
            .llama,
            vocabularySize: 128_256,
            hiddenSize: 4096,
            layerCount: 32,
            headCount: 32,
            keyValueHeadCount: 8,
            feedForwardSize: 14_336,
            contextLength: 131_072
        )
        large.parts.positions = llama3(factor: 8)
        return [
            NamedSize(name: "3.2-1B", config: small), NamedSize(name: "3.1-8B", config: large),
        ]
    }

    private static func llama3(factor: Double) -> PositionKind {
        .rotary(
            base: 500_000,
            scaling: .llama3(
                factor: factor,
                lowFrequencyFactor: 1,
                highFrequencyFactor: 4,
                originalContext: 8192
            )
        )
    }
}
