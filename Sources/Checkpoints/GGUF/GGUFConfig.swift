import Basics

/// `config.json` of a GGUF file.
struct GGUFConfig {
    let json: JSON.Object

    /// Reads the metadata; `shape` is that of a tensor, or `nil` if there is none of that name.
    init(
        _ metadata: GGUFMetadata,
        _ architecture: GGUFArchitecture,
        ropeScaling: JSON?,
        shape: (String) -> [Int]?
    ) throws(GGUFError) {
        func key(_ name: String) -> String { "\(architecture.name).\(name)" }
        guard let rows = shape("token_embd.weight")?.first else {
            throw GGUFError(
                path: metadata.path,
                problem: "there is no tensor \"token_embd.weight\"; is this a language model?"
            )
        }
        let hiddenSize = try metadata.requiredInteger(key("embedding_length"))
        let heads = try metadata.requiredInteger(key("attention.head_count"))
        var json: JSON.Object = [
            "architectures": [.string(architecture.modelClass)],
            "model_type": .string(architecture.modelType),
            "vocab_size": .integer(rows),
            "hidden_size": .integer(hiddenSize),
            "num_hidden_layers": .integer(try metadata.requiredInteger(key("block_count"))),
            "num_attention_heads": .integer(heads),
            "num_key_value_heads": .integer(
                try metadata.integer(key("attention.head_count_kv")) ?? heads
            ),
            "intermediate_size": .integer(try metadata.requiredInteger(key("feed_forward_length"))),
            "max_position_embeddings": .integer(
                try metadata.requiredInteger(key("context_length"))
            ),
            "tie_word_embeddings": .bool(shape("output.weight") == nil),
        ]
        if let width = try Self.headWidth(architecture, metadata, hiddenSize, heads) {
            json["head_dim"] = .integer(width)
        }
        guard let epsilon = try metadata.number(key("attention.layer_norm_rms_epsilon")) else {
            throw metadata.failure(key("attention.layer_norm_rms_epsilon"), "is missing")
        }
        json["rms_norm_eps"] = .number(epsilon)
        json["rope_theta"] = .number(try metadata.number(key("rope.freq_base")) ?? 10_000)
        let statedScaling = try Self.ropeScaling(metadata, architecture)
        json["rope_scaling"] = ropeScaling ?? statedScaling
        if ["llama", "granite", "smollm3"].contains(architecture.name) {
            json["attention_bias"] = .bool(shape("blk.0.attn_q.bias") != nil)
            json["mlp_bias"] = .bool(shape("blk.0.ffn_up.bias") != nil)
        }
        for (member, value) in architecture.config {
            json[member] = try Self.json(value, key, metadata)
        }
        for (member, name) in GGUFTokens.specialIDs {
            json[member] = try metadata.integer("tokenizer.ggml.\(name)").map(JSON.integer)
        }
        self.json = json
    }

    /// The width of a head; `nil` if the file does not say it and the division leaves a rest.
    private static func headWidth(
        _ architecture: GGUFArchitecture,
        _ metadata: GGUFMetadata,
        _ hiddenSize: Int,
        _ heads: Int
    ) throws(GGUFError) -> Int? {
        func key(_ name: String) -> String { "\(architecture.name).\(name)" }
        if let width = try metadata.integer(key("attention.key_length")) {
            let valueWidth = try metadata.integer(key("attention.value_length")) ?? width
            guard width == valueWidth else {
                throw metadata.failure(
                    key("attention.value_length"),
                    "\(valueWidth) is not the width of keys, \(width), which is not supported"
                )
            }
            return width
        }
        if architecture.interleavesRotaryPairs,
            let width = try metadata.integer(key("rope.dimension_count"))
        {
            return width
        }
        return heads > 0 && hiddenSize % heads == 0 ? hiddenSize / heads : nil
    }

    private static func json(
        _ value: GGUFArchitecture.ConfigValue,
        _ key: (String) -> String,
        _ metadata: GGUFMetadata
    ) throws(GGUFError) -> JSON? {
        switch value {
        case .constant(let json): return json
        case .optionalKey(let name): return try number(key(name), metadata)
        case .key(let name):
            guard let json = try number(key(name), metadata) else {
                throw metadata.failure(key(name), "is missing")
            }
            return json
        }
    }

    private static func number(_ key: String, _ metadata: GGUFMetadata) throws(GGUFError) -> JSON? {
        if case .number = metadata.values[key] { return try metadata.number(key).map(JSON.number) }
        return try metadata.integer(key).map(JSON.integer)
    }

    /// The scaling that the metadata state; that of Llama 3 is a tensor instead.
    private static func ropeScaling(
        _ metadata: GGUFMetadata,
        _ architecture: GGUFArchitecture
    ) throws(GGUFError) -> JSON? {
        let prefix = "\(architecture.name).rope.scaling."
        guard let type = try metadata.string(prefix + "type"), type != "none" else { return nil }
        var json: JSON.Object = ["rope_type": .string(type)]
        json["factor"] = try metadata.number(prefix + "factor").map(JSON.number)
        json["original_max_position_embeddings"] =
            try metadata.integer(prefix + "original_context_length").map(JSON.integer)
        return .object(json)
    }
}
