internal import Basics
internal import Layers

/// OPT (Zhang et al., 2022): pre-norm with layer norm, learned positions, ReLU feed-forward, biases
/// everywhere.
enum OPT: FamilyDefinition {
    static let title = "OPT"
    static let modelType = "opt"
    static let groupsQueries = false
    static let parts = TowerParts(
        norm: .layer(epsilon: 1e-5, affine: true),
        positions: .learned(offset: 2),
        biases: .all,
        feedForward: .plain(.relu)
    )

    // MARK: Config

    static func describes(_ reader: JSONReader) throws(JSONFieldError) -> Bool {
        try !CM3Leon.describes(reader)
    }

    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        try config(.opt, reader)
    }

    static func config(_ family: Family, _ reader: JSONReader) throws(JSONFieldError)
        -> TowerConfig
    {
        let vocabularySize = try reader.integer("vocab_size", atLeast: 1, atMost: 1 << 26)
        let hiddenSize = try reader.integer("hidden_size", atLeast: 1, atMost: 1 << 20)
        let headCount = try reader.integer("num_attention_heads", atLeast: 1, atMost: 1 << 16)
        guard hiddenSize % headCount == 0 else {
            throw reader.failure(
                "hidden_size",
                "\(hiddenSize) is not a multiple of \(headCount) heads"
            )
        }
        try checkOptions(reader, hiddenSize: hiddenSize)
        var config = TowerConfig(
            family,
            vocabularySize: vocabularySize,
            hiddenSize: hiddenSize,
            layerCount: try reader.integer("num_hidden_layers", atLeast: 1, atMost: 1 << 14),
            headCount: headCount,
            feedForwardSize: try reader.integer("ffn_dim", atLeast: 1, atMost: 1 << 24),
            contextLength: try reader.integer(
                "max_position_embeddings",
                default: 2048,
                atLeast: 1,
                atMost: 1 << 24
            ),
            tiesEmbeddings: try reader.bool("tie_word_embeddings", default: true)
        )
        let affine = try reader.bool("layer_norm_elementwise_affine", default: true)
        config.parts.norm = .layer(epsilon: 1e-5, affine: affine)
        config.parts.biases = try reader.bool("enable_bias", default: true) ? .all : .init()
        config.parts.feedForward = .plain(
            try Activation.read(reader, "activation_function", default: .relu)
        )
        return config
    }

    /// OPT-350M has post-norm and narrower tables; early fine-tunes lack the last norm.
    private static func checkOptions(_ reader: JSONReader, hiddenSize: Int)
        throws(JSONFieldError)
    {
        for (key, only) in [("do_layer_norm_before", true), ("_remove_final_layer_norm", false)] {
            guard try reader.bool(key, default: only) == only else {
                throw reader.failure(key, "\(!only) is not supported; \(only) is")
            }
        }
        let width = try reader.integer("word_embed_proj_dim", default: hiddenSize)
        guard width == hiddenSize else {
            throw reader.failure(
                "word_embed_proj_dim",
                "\(width) is not supported; the hidden_size, \(hiddenSize), is"
            )
        }
    }

    static func json(_ config: TowerConfig) -> JSON.Object {
        var json: JSON.Object = [
            "architectures": ["OPTForCausalLM"],
            "model_type": .string(modelType),
            "vocab_size": .integer(config.vocabularySize),
            "hidden_size": .integer(config.hiddenSize),
            "num_hidden_layers": .integer(config.layerCount),
            "num_attention_heads": .integer(config.headCount),
            "ffn_dim": .integer(config.feedForwardSize),
            "max_position_embeddings": .integer(config.contextLength),
            "word_embed_proj_dim": .integer(config.hiddenSize),
            "do_layer_norm_before": true,
            "_remove_final_layer_norm": false,
            "tie_word_embeddings": .bool(config.tiesEmbeddings),
            "enable_bias": .bool(config.parts.biases == .all),
            "layer_norm_elementwise_affine": .bool(
                config.parts.norm == .layer(epsilon: 1e-5, affine: true)
            ),
        ]
        if case .plain(let activation) = config.parts.feedForward {
            json["activation_function"] = .string(activation.rawValue)
        }
        return json
    }

    static let otherKeys: [String] = []

    // MARK: Weights

    static let names = TowerNames(
        root: "model.decoder",
        attentionOutput: "out_proj",
        attentionNorm: "self_attn_layer_norm",
        feedForward: nil,
        feedForwardNorm: "final_layer_norm",
        finalNorm: "final_layer_norm"
    )
}
