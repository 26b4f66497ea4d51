internal import Basics
internal import Layers

/// Gemma 3 (Gemma Team, 2025), its text model: norms of weights + 1 before and after each part, scaled
/// embeddings, gated GELU, and windows in five of six layers, whose rotary base is another one.
///
/// Of a model that sees images the text part is read; its vision tower is left out.
enum Gemma3: FamilyDefinition {
    static let title = "Gemma 3"
    static let modelType = "gemma3_text"
    static let otherModelTypes = ["gemma3"]
    static let parts = TowerParts(
        norm: .rms(epsilon: 1e-6, offset: 1),
        normPlacement: .around,
        positions: .rotary(base: 1_000_000),
        windowedPositions: .rotary(base: 10_000),
        headNorm: .rms(epsilon: 1e-6, offset: 1),
        feedForward: .gated(.geluTanh),
        embeddingScale: .squareRootOfWidth,
        scoreScale: 1 / 16
    )

    private enum Key {
        static let text = "text_config"
        static let activation = "hidden_activation"
        static let pattern = "sliding_window_pattern"
        static let windowedBase = "rope_local_base_freq"
        static let scorePower = "query_pre_attn_scalar"
    }

    // MARK: Config

    static func members(_ reader: JSONReader) throws(JSONFieldError) -> JSONReader {
        reader.has(Key.text) ? try reader.nested(Key.text) : reader
    }

    static func config(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        try refuse(reader)
        var config = try sizes(reader)
        config.parts.biases = .attention(try reader.bool("attention_bias", default: false))
        config.parts.feedForward = .gated(
            try Activation.read(reader, Key.activation, default: .geluTanh)
        )
        if case .rms(let epsilon, _) = config.parts.norm {
            config.parts.norm = .rms(epsilon: epsilon, offset: 1)
            config.parts.headNorm = .rms(epsilon: epsilon, offset: 1)
        }
        let scalar = try reader.number(Key.scorePower, default: 256)
        guard scalar > 0, scalar.isFinite else {
            throw reader.failure(Key.scorePower, "\(scalar) is not above 0")
        }
        config.parts.scoreScale = 1 / scalar.squareRoot()
        config.parts.window = try window(reader, layers: config.layerCount)
        let positions = try GemmaRotary(reader, config)
        config.parts.positions = positions.full
        config.parts.windowedPositions = positions.windowed
        return config
    }

    private static func sizes(_ reader: JSONReader) throws(JSONFieldError) -> TowerConfig {
        try LlamaKeys(
            vocabulary: 262_208,
            heads: 8,
            keyValueHeads: 4,
            headWidth: 256,
            context: 131_072,
            ties: true
        ).sizes(.gemma3, reader)
    }

    private static func refuse(_ reader: JSONReader) throws(JSONFieldError) {
        for key in ["final_logit_softcapping", "attn_logit_softcapping"] where reader.has(key) {
            throw reader.failure(key, "soft caps (as in Gemma 2) are not supported; null is")
        }
        guard try !reader.bool("use_bidirectional_attention", default: false) else {
            throw reader.failure("use_bidirectional_attention", "true is not supported; false is")
        }
    }

    private static func window(_ reader: JSONReader, layers: Int) throws(JSONFieldError)
        -> SlidingWindow?
    {
        let size = try reader.integer("sliding_window", default: 4096, atLeast: 1)
        let interval = try reader.integer(Key.pattern, default: 6, atLeast: 1)
        let named = try LayerTypes.fullLayers(reader, layers: layers)
        let full = named ?? Set((0..<layers).filter { ($0 + 1) % interval == 0 })
        return full.count < layers ? SlidingWindow(size: size, fullLayers: full) : nil
    }

    static func json(_ config: TowerConfig) -> JSON.Object {
        var json = LlamaKeys.json(config, architecture: "Gemma3ForCausalLM")
        json[Key.activation] = json["hidden_act"]
        json["hidden_act"] = nil
        json["attention_bias"] = .bool(config.parts.biases.attentionInputs)
        let scale = config.parts.scoreScale ?? 1 / 16
        let scalar = 1 / (scale * scale)
        // transformers wants an integer.
        let rounded = scalar.rounded()
        json[Key.scorePower] =
            abs(scalar - rounded) < 1e-9 * scalar ? .integer(Int(rounded)) : .number(scalar)
        if let window = config.parts.window { json["sliding_window"] = .integer(window.size) }
        json[LayerTypes.key] = LayerTypes.json(config.parts.window, layers: config.layerCount)
        GemmaRotary.write(config.parts, to: &json)
        return json
    }

    static let otherKeys =
        RotaryKeys.all + [
            Key.pattern, "_" + Key.pattern, Key.windowedBase, "sliding_window",
            "use_bidirectional_attention", "final_logit_softcapping", "attn_logit_softcapping",
        ]

    // MARK: Weights

    static let names = TowerNames(
        attentionOutputNorm: "post_attention_layernorm",
        feedForwardNorm: "pre_feedforward_layernorm",
        feedForwardOutputNorm: "post_feedforward_layernorm"
    )

    static func leavesOut(_ name: String) -> Bool {
        let name = name.hasPrefix("model.") ? String(name.dropFirst(6)) : name
        return name.hasPrefix("vision_tower.") || name.hasPrefix("multi_modal_projector.")
    }
}
