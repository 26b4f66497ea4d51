internal import Basics
internal import Layers

/// Emu3 (Wang et al., 2024): Llama's layers over one vocabulary of text and image tokens.
///
/// The weights of the image tokenizer in a checkpoint are kept but not run. The config of the layers
/// is in `text_config`; that of the first publication, which has no such member, is written so, too.
enum Emu3: FamilyDefinition {
    static let title = "Emu3"
    static let modelType = "emu3"
    static let otherModelTypes = ["Emu3", "emu3_text_model"]
    static let parts = TowerParts(
        norm: .rms(epsilon: 1e-5),
        positions: .rotary(base: 1_000_000)
    )

    private static let textKey = "text_config"

    // MARK: Config

    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        let text = reader.has(textKey) ? try reader.nested(textKey) : reader
        let keys = LlamaKeys(
            vocabulary: 184_622,
            heads: 32,
            keyValueHeads: 8,
            context: 9216,
            epsilon: 1e-5,
            base: 1_000_000
        )
        var config = try keys.config(.emu3, text)
        // The member of the whole model counts.
        config.tiesEmbeddings = try reader.bool(
            "tie_word_embeddings",
            default: config.tiesEmbeddings
        )
        config.parts.biases = .attention(
            try text.bool("attention_bias", default: false),
            feedForward: try text.bool("mlp_bias", default: false)
        )
        return config
    }

    static func json(_ config: TowerConfig) -> JSON.Object {
        var text = LlamaKeys.json(config, architecture: "Emu3ForCausalLM")
        text["model_type"] = "emu3_text_model"
        text["architectures"] = nil
        text["attention_bias"] = .bool(config.parts.biases.attentionInputs)
        text["mlp_bias"] = .bool(config.parts.biases.feedForward)
        return [
            "architectures": ["Emu3ForConditionalGeneration"],
            "model_type": .string(modelType),
            "text_config": .object(text),
            "tie_word_embeddings": .bool(config.tiesEmbeddings),
        ]
    }

    /// Members of the layers, where they are not in `text_config`.
    static let otherKeys =
        RotaryKeys.all + [
            "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
            "num_attention_heads", "num_key_value_heads", "head_dim", "hidden_act",
            "max_position_embeddings", "rms_norm_eps", "attention_bias", "mlp_bias", "auto_map",
        ]

    // MARK: Weights

    static let names = TowerNames(root: "model.text_model")

    static func isAuxiliary(_ name: String) -> Bool { name.hasPrefix("model.vqmodel.") }
}
