internal import Basics
internal import Layers

/// The members of `config.json` that Llama and related families share, with a family's defaults.
struct LlamaKeys {
    /// `nil` if a config has to say it, as with the number of heads.
    var vocabulary: Int?
    var heads: Int?
    /// `nil` for the number of heads.
    var keyValueHeads: Int?
    /// `nil` for the hidden size divided by the number of heads.
    var headWidth: Int?
    var context = 2048
    var epsilon = 1e-6
    var base = 10_000.0
    var ties = false

    /// Reads the shared members; the family itself reads biases and head norms.
    func config(_ family: Family, _ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        var config = try sizes(family, reader)
        config.parts.positions = try RotaryKeys(reader, config, base: base).positions
        config.parts.feedForward = .gated(
            try Activation.read(reader, "hidden_act", default: .silu)
        )
        return config
    }

    /// Reads sizes and norm; the family itself reads positions and activation, too.
    func sizes(_ family: Family, _ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        let vocabularySize = try reader.integer(
            "vocab_size",
            default: vocabulary,
            atLeast: 1,
            atMost: 1 << 26
        )
        let hiddenSize = try reader.integer("hidden_size", atLeast: 1, atMost: 1 << 20)
        let headCount = try reader.integer(
            "num_attention_heads",
            default: heads,
            atLeast: 1,
            atMost: 1 << 16
        )
        guard headWidth != nil || reader.has("head_dim") || hiddenSize % headCount == 0 else {
            throw reader.failure(
                "hidden_size",
                "\(hiddenSize) is not a multiple of \(headCount) heads, and head_dim is missing"
            )
        }
        var config = TowerConfig(
            family,
            vocabularySize: vocabularySize,
            hiddenSize: hiddenSize,
            layerCount: try reader.integer("num_hidden_layers", atLeast: 1, atMost: 1 << 14),
            headCount: headCount,
            keyValueHeadCount: try reader.integer(
                "num_key_value_heads",
                default: keyValueHeads ?? headCount,
                atLeast: 1
            ),
            headWidth: try reader.integer(
                "head_dim",
                default: headWidth ?? hiddenSize / headCount,
                atLeast: 2,
                atMost: 1 << 16
            ),
            feedForwardSize: try reader.integer("intermediate_size", atLeast: 1, atMost: 1 << 24),
            contextLength: try reader.integer(
                "max_position_embeddings",
                default: context,
                atLeast: 1,
                atMost: 1 << 30
            ),
            tiesEmbeddings: try reader.bool("tie_word_embeddings", default: ties)
        )
        let epsilon = try reader.number("rms_norm_eps", default: epsilon)
        guard epsilon >= 0, epsilon.isFinite else {
            throw reader.failure("rms_norm_eps", "\(epsilon) is below 0")
        }
        config.parts.norm = .rms(epsilon: epsilon)
        return config
    }

    static func json(_ config: TowerConfig, architecture: String) -> JSON.Object {
        var json: JSON.Object = [
            "architectures": [.string(architecture)],
            "model_type": .string(config.family.definition.modelType),
            "vocab_size": .integer(config.vocabularySize),
            "hidden_size": .integer(config.hiddenSize),
            "num_hidden_layers": .integer(config.layerCount),
            "num_attention_heads": .integer(config.headCount),
            "num_key_value_heads": .integer(config.keyValueHeadCount),
            "head_dim": .integer(config.headWidth),
            "intermediate_size": .integer(config.feedForwardSize),
        ]
        if case .gated(let activation, _) = config.parts.feedForward {
            json["hidden_act"] = .string(activation.rawValue)
        }
        if case .rms(let epsilon, _) = config.parts.norm {
            json["rms_norm_eps"] = .number(epsilon)
        }
        RotaryKeys.write(config.parts.positions, to: &json)
        json["max_position_embeddings"] = .integer(config.contextLength)
        json["tie_word_embeddings"] = .bool(config.tiesEmbeddings)
        return json
    }
}
