internal import Basics
internal import Layers

/// Chameleon (Chameleon Team, 2024): Llama's layers with a layer norm over each head of queries and
/// keys, and one vocabulary for text and image tokens.
///
/// The weights of the image tokenizer in a checkpoint are kept but not run.
enum Chameleon: FamilyDefinition {
    static let title = "Chameleon"
    static let modelType = "chameleon"
    static let parts = TowerParts(
        norm: .rms(epsilon: 1e-5),
        positions: .rotary(base: 10_000, scaling: .none),
        headNorm: .layerPerHead(epsilon: 1e-5)
    )

    // MARK: Config

    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        var config = try LlamaKeys(context: 4096, epsilon: 1e-5).config(.chameleon, reader)
        guard config.headWidth * config.headCount == config.hiddenSize else {
            throw reader.failure(
                "head_dim",
                "\(config.headCount) heads of size \(config.headWidth) do not add up to the hidden_size "
                    + "\(config.hiddenSize)"
            )
        }
        if try reader.bool("swin_norm", default: false) {
            throw reader.failure(
                "swin_norm",
                "true (post-norm, as in Chameleon 34B) is not supported; "
                    + "false is"
            )
        }
        config.parts.biases = .attention(
            try reader.bool("attention_bias", default: false),
            feedForward: try reader.bool("mlp_bias", default: false)
        )
        return config
    }

    static func json(_ config: TowerConfig) -> JSON.Object {
        var json = LlamaKeys.json(config, architecture: "ChameleonForConditionalGeneration")
        json["attention_bias"] = .bool(config.parts.biases.attentionInputs)
        json["mlp_bias"] = .bool(config.parts.biases.feedForward)
        json["swin_norm"] = false
        return json
    }

    // MARK: Weights

    static func isAuxiliary(_ name: String) -> Bool { name.hasPrefix("model.vqmodel.") }
}
