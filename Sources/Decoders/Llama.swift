public import Basics
internal import Checkpoints
public import Layers
public import Tensors

// The Llama family (Touvron et al., 2023): RMSNorm before each part, rotary positions, SwiGLU,
// grouped queries, no biases.

// MARK: - Config

/// The sizes of a Llama decoder, as `config.json` of Hugging Face states them.
public struct LlamaConfig: Sendable, Equatable {
    /// V: the rows of the embedding table.
    public var vocabularySize: Int
    /// D.
    public var hiddenSize: Int
    /// The number of layers.
    public var layerCount: Int
    /// H.
    public var headCount: Int
    /// K.
    public var keyValueHeadCount: Int
    /// W.
    public var headWidth: Int
    /// The inner width of the feed-forward layers.
    public var feedForwardSize: Int
    /// Keeps norms finite.
    public var normEpsilon: Double
    /// The base of the rotary angles.
    public var rotaryBase: Double
    /// The longest sequence that the model was made for.
    public var contextLength: Int
    /// Whether the output projection is the embedding table.
    public var tiesEmbeddings: Bool
    /// Over how many equal parts of a state the norms are taken: 2 in a `jam_width` model.
    public var normGroups: Int

    /// A spec sheet: the sizes, and the family's usual numbers for the rest.
    public init(
        vocabularySize: Int,
        hiddenSize: Int,
        layerCount: Int,
        headCount: Int,
        keyValueHeadCount: Int,
        feedForwardSize: Int,
        contextLength: Int,
        tiesEmbeddings: Bool = false
    ) {
        self.vocabularySize = vocabularySize
        self.hiddenSize = hiddenSize
        self.layerCount = layerCount
        self.headCount = headCount
        self.keyValueHeadCount = keyValueHeadCount
        self.headWidth = hiddenSize / headCount
        self.feedForwardSize = feedForwardSize
        self.normEpsilon = 1e-5
        self.rotaryBase = 10_000
        self.contextLength = contextLength
        self.tiesEmbeddings = tiesEmbeddings
        self.normGroups = 1
    }

    /// Reads the members of a `config.json`.
    public init(_ reader: JSONReader) throws(JSONFieldError) {
        vocabularySize = try reader.integer("vocab_size", atLeast: 1, atMost: 1 << 26)
        hiddenSize = try reader.integer("hidden_size", atLeast: 1, atMost: 1 << 20)
        layerCount = try reader.integer("num_hidden_layers", atLeast: 1, atMost: 1 << 14)
        headCount = try reader.integer("num_attention_heads", atLeast: 1, atMost: 1 << 16)
        keyValueHeadCount = try reader.integer(
            "num_key_value_heads",
            default: headCount,
            atLeast: 1
        )
        headWidth = try reader.integer(
            "head_dim",
            default: hiddenSize / headCount,
            atLeast: 2,
            atMost: 1 << 16
        )
        feedForwardSize = try reader.integer("intermediate_size", atLeast: 1, atMost: 1 << 24)
        normEpsilon = try reader.number("rms_norm_eps", default: 1e-6)
        contextLength = try reader.integer(
            "max_position_embeddings",
            default: 2048,
            atLeast: 1,
            atMost: 1 << 30
        )
        tiesEmbeddings = try reader.bool("tie_word_embeddings", default: false)
        normGroups = try Self.normGroups(reader)
        // transformers 5 writes the base inside `rope_parameters`, earlier ones beside it.
        if reader.has("rope_parameters") {
            let rope = try reader.nested("rope_parameters")
            rotaryBase = try rope.number("rope_theta", default: 10_000)
            try Self.refuseScaling(rope)
        } else {
            rotaryBase = try reader.number("rope_theta", default: 10_000)
            if reader.has("rope_scaling") {
                try Self.refuseScaling(try reader.nested("rope_scaling"))
            }
        }
        try validate(reader)
    }

    /// A widened model says over how many parts its norms are taken; a Llama has one.
    private static func normGroups(_ reader: JSONReader) throws(JSONFieldError) -> Int {
        let type = try reader.string("model_type")
        switch type {
        case "jam_width": return try reader.integer("norm_groups", atLeast: 2)
        case "llama":
            guard !reader.has("norm_groups") else {
                throw reader.failure("norm_groups", "belongs to the model_type \"jam_width\"")
            }
            return 1
        default: throw reader.failure("model_type", "\"\(type)\" is not \"llama\"")
        }
    }

    private static func refuseScaling(_ rope: JSONReader) throws(JSONFieldError) {
        // Older checkpoints say `type`.
        for key in ["rope_type", "type"] {
            let kind = try rope.string(key, default: "default")
            guard kind == "default" else {
                throw rope.failure(key, "\"\(kind)\" is not supported; \"default\" is")
            }
        }
    }

    private func validate(_ reader: JSONReader) throws(JSONFieldError) {
        guard reader.has("head_dim") || hiddenSize % headCount == 0 else {
            throw reader.failure(
                "hidden_size",
                "\(hiddenSize) is not a multiple of \(headCount) heads, and there is no head_dim"
            )
        }
        guard headWidth >= 2, headCount <= (1 << 24) / headWidth else {
            throw reader.failure(
                "head_dim",
                "\(headCount) heads of \(headWidth) numbers are not possible"
            )
        }
        guard rotaryBase > 0, rotaryBase.isFinite else {
            throw reader.failure("rope_theta", "\(rotaryBase) is not above 0")
        }
        guard normEpsilon >= 0, normEpsilon.isFinite else {
            throw reader.failure("rms_norm_eps", "\(normEpsilon) is below 0")
        }
        let rotaryShare = try reader.number("partial_rotary_factor", default: 1)
        guard rotaryShare == 1 else {
            throw reader.failure("partial_rotary_factor", "\(rotaryShare) is not supported; 1 is")
        }
        guard headCount % keyValueHeadCount == 0 else {
            throw reader.failure(
                "num_key_value_heads",
                "\(keyValueHeadCount) does not divide \(headCount) heads"
            )
        }
        guard headWidth % 2 == 0 else {
            throw reader.failure("head_dim", "\(headWidth) is odd; rotary positions need it even")
        }
        guard hiddenSize % normGroups == 0 else {
            throw reader.failure("norm_groups", "\(normGroups) does not divide \(hiddenSize)")
        }
        if try reader.bool("attention_bias", default: false) {
            throw reader.failure("attention_bias", "true is not supported")
        }
        if try reader.bool("mlp_bias", default: false) {
            throw reader.failure("mlp_bias", "true is not supported")
        }
        let activation = try reader.string("hidden_act", default: "silu")
        guard activation == "silu" else {
            throw reader.failure("hidden_act", "\"\(activation)\" is not supported; \"silu\" is")
        }
    }

    /// The `config.json` of this model, which `transformers` reads when the norms are whole.
    public var json: JSON.Object {
        var json: JSON.Object = [
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "vocab_size": .integer(vocabularySize),
            "hidden_size": .integer(hiddenSize),
            "num_hidden_layers": .integer(layerCount),
            "num_attention_heads": .integer(headCount),
            "num_key_value_heads": .integer(keyValueHeadCount),
            "head_dim": .integer(headWidth),
            "intermediate_size": .integer(feedForwardSize),
            "hidden_act": "silu",
            "rms_norm_eps": .number(normEpsilon),
            "rope_theta": .number(rotaryBase),
            "max_position_embeddings": .integer(contextLength),
            "tie_word_embeddings": .bool(tiesEmbeddings),
            "attention_bias": false,
            "mlp_bias": false,
        ]
        if normGroups > 1 {
            json["model_type"] = "jam_width"
            json["architectures"] = ["JamWidthForCausalLM"]
            json["norm_groups"] = .integer(normGroups)
        }
        return json
    }

    /// The sizes of attention.
    public var attention: AttentionShape {
        AttentionShape(
            width: hiddenSize,
            headCount: headCount,
            keyValueHeadCount: keyValueHeadCount,
            headWidth: headWidth
        )
    }

    /// The spread of fresh matrices that write into the residual stream (GPT-2's 0.02 / √(2 L)).
    var residualDeviation: Double { 0.02 / Double(2 * layerCount).squareRoot() }
}

// MARK: - Block

/// One layer: attention and feed-forward, each behind a norm and added to what came in.
final class LlamaLayer {
    private let attentionNorm: RMSNorm
    private let attention: Attention
    private let feedForwardNorm: RMSNorm
    private let feedForward: FeedForward

    init(_ config: LlamaConfig, rotary: RotaryEmbedding, _ scope: ParameterScope) throws {
        func norm(_ scope: ParameterScope) throws -> RMSNorm {
            try RMSNorm(
                config.hiddenSize,
                groups: config.normGroups,
                epsilon: config.normEpsilon,
                scope
            )
        }
        attentionNorm = try norm(scope / "input_layernorm")
        attention = try Attention(
            config.attention,
            rotary: rotary,
            outputDeviation: config.residualDeviation,
            scope / "self_attn"
        )
        feedForwardNorm = try norm(scope / "post_attention_layernorm")
        feedForward = try FeedForward(
            config.hiddenSize,
            inner: config.feedForwardSize,
            outputDeviation: config.residualDeviation,
            scope / "mlp"
        )
    }

    func callAsFunction(_ input: Tensor, _ step: DecodingStep) -> Tensor {
        let normed = attentionNorm(input)
        let x = input + attention(normed, to: normed, step)
        return x + feedForward(feedForwardNorm(x))
    }
}

// MARK: - Model

/// The layers of a Llama decoder and the norm after them.
public final class LlamaTower: Tower {
    /// D.
    public let width: Int
    private let layers: [LlamaLayer]
    private let norm: RMSNorm

    /// States the layers at `scope / "model"`.
    public init(_ config: LlamaConfig, _ scope: ParameterScope) throws {
        width = config.hiddenSize
        let rotary = RotaryEmbedding(headWidth: config.headWidth, base: config.rotaryBase)
        layers = try (0..<config.layerCount).map {
            try LlamaLayer(config, rotary: rotary, scope / "model" / "layers" / $0)
        }
        norm = try RMSNorm(
            config.hiddenSize,
            groups: config.normGroups,
            epsilon: config.normEpsilon,
            scope / "model" / "norm"
        )
    }

    /// The number of layers.
    public var layerCount: Int { layers.count }

    /// x [B, T, D] through layer `index`.
    public func layer(_ index: Int, _ x: Tensor, _ step: DecodingStep) -> Tensor {
        layers[index](x, step)
    }

    /// x [B, T, D] through the norm after the last layer.
    public func finalNorm(_ x: Tensor) -> Tensor { norm(x) }
}

/// A Llama decoder: table, layers, head.
public final class Llama: LanguageModel {
    private let embedding: Embedding
    private let tower: LlamaTower
    /// The output projection [V, D].
    public let head: Tensor

    /// States all weights at `scope`, under Hugging Face's names.
    public init(_ config: LlamaConfig, _ scope: ParameterScope) throws {
        embedding = try Embedding(
            config.vocabularySize,
            config.hiddenSize,
            scope / "model" / "embed_tokens"
        )
        tower = try LlamaTower(config, scope)
        head =
            config.tiesEmbeddings
            ? embedding.weight
            : try (scope / "lm_head").parameter(
                "weight",
                [config.vocabularySize, config.hiddenSize],
                role: .head,
                initially: .normal(deviation: 0.02)
            )
    }

    /// The states [B, T, D] of tokens int64 [B, T].
    public func states(_ tokens: Tensor, cache: KeyValueCache?) -> Tensor {
        let step = DecodingStep(count: tokens.size(1), cache: cache)
        var x = embedding(tokens)  // [B, T, D]
        for index in 0..<tower.layerCount { x = tower.layer(index, x, step) }
        cache?.advance(by: tokens.size(1))
        return tower.finalNorm(x)
    }
}
