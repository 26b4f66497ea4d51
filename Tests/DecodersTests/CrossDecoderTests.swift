import Basics
import Checkpoints
import Decoders
import JamTesting
import Layers
import Tensors
import Testing

/// Two tiny towers with different hidden sizes, depths and heads.
func unlikeCross(_ direction: CrossConfig.Direction = .both) -> CrossConfig {
    CrossConfig(
        text: TowerConfig(
            vocabularySize: 40,
            hiddenSize: 16,
            layerCount: 2,
            headCount: 2,
            keyValueHeadCount: 1,
            feedForwardSize: 24,
            contextLength: 64
        ),
        image: TowerConfig(
            vocabularySize: 40,
            hiddenSize: 24,
            layerCount: 3,
            headCount: 3,
            keyValueHeadCount: 3,
            feedForwardSize: 32,
            contextLength: 64
        ),
        bridges: CrossConfig.bridges(every: 1, direction, text: 2, image: 3),
        norms: .own,
        head: .concatenated,
        embeddings: .perTower
    )
}

/// A model with random weights; none are zero, so that all of them matter.
func randomModel(_ config: DecoderConfig) throws -> any LanguageModel {
    let (model, store) = try ParameterStore.build(from: InitializationSource(seed: 3)) {
        try config.model($0)
    }
    let random = RandomSource(seed: 4)
    for parameter in store.parameters where parameter.spec.shape.count == 2 {
        parameter.tensor.copy(from: random.normal(parameter.spec.shape, std: 0.3))
    }
    return model
}

@Suite struct CrossDecoderTests {
    /// Prevents cross-attention to later positions, which would make training meaningless.
    @Test("Later tokens do not change earlier logits", arguments: CrossConfig.Direction.allCases)
    func laterTokensDoNotChangeEarlierLogits(direction: CrossConfig.Direction) throws {
        try withTorchErrors {
            try withoutGradients {
                let model = try randomModel(.cross(unlikeCross(direction)))
                let first = model.logits(Tensor([1, 2, 3, 4, 5, 6], [1, 6]))
                let second = model.logits(Tensor([1, 2, 3, 4, 9, 9], [1, 6]))
                #expect(try distance(first.narrowed(1, 0..<4), second.narrowed(1, 0..<4)) == 0)
                #expect(try distance(first.narrowed(1, 4..<6), second.narrowed(1, 4..<6)) > 0.1)
            }
        }
    }

    @Test("Cached decode equals uncached") func cachedDecodeEqualsUncached() throws {
        try withTorchErrors {
            try withoutGradients {
                let model = try randomModel(.cross(unlikeCross()))
                let tokens = Tensor((0..<20).map { $0 * 7 % 40 }, [2, 10])
                let whole = model.logits(tokens)
                let cache = KeyValueCache()
                for part in [0..<3, 3..<4, 4..<10] {
                    let logits = model.logits(tokens.narrowed(1, part), cache: cache)
                    #expect(try distance(logits, whole.narrowed(1, part)) < 1e-5)
                }
            }
        }
    }

    @Test("Bridges spread over unequal depths") func bridgesSpreadOverUnequalDepths() {
        let pairs = CrossConfig.bridges(every: 2, text: 4, image: 8)
        #expect(pairs.map(\.text) == [0, 1, 2, 3] && pairs.map(\.image) == [1, 3, 5, 7])
        #expect(CrossConfig.bridges(every: 4, text: 8, image: 8).map(\.text) == [3, 7])
    }

    @Test("Config survives a round trip") func configSurvivesARoundTrip() throws {
        let config = DecoderConfig.cross(unlikeCross(.toImage))
        #expect(
            try DecoderConfig(JSONReader(.object(config.json), source: "config.json")) == config
        )
    }

    /// All that the paper's model has not.
    private static func ownCross() -> CrossConfig {
        var config = unlikeCross()
        config.bridges = CrossConfig.bridges(
            every: CrossConfig.PerTower(text: 3, image: 1),
            text: 2,
            image: 3
        )
        config.reads.text = .own
        config.attends = CrossConfig.PerTower(text: .foreign, image: .all)
        config.gate = .vector
        config.writes = .drawn
        config.head = .seeing
        config.imageTokens = CrossConfig.ImageTokens(ranges: [30..<40], codes: 31..<39, altText: 30)
        return config
    }

    @Test("A config with towers that read their own survives a round trip")
    func ownConfigSurvivesARoundTrip() throws {
        let config = DecoderConfig.cross(Self.ownCross())
        #expect(Self.ownCross().bridges.map(\.direction) == [.toImage, .toImage, .both])
        #expect(
            try DecoderConfig(JSONReader(.object(config.json), source: "config.json")) == config
        )
    }

    @Test(
        "Wrong image tokens are named",
        arguments: [
            (
                "image_tokens", .null,
                "image_tokens: is missing; it says which tokens are the image tower's"
            ),
            (
                "image_tokens", [[30, 40]],
                "image_tokens: pairs [first token, last token] below vocab_size in ascending order are expected"
            ),
            (
                "image_tokens", [[30, 38]],
                "head: \"seeing\" needs an input table for each tower, and image tokens that follow all text tokens"
            ),
            (
                "image_codes", [29, 38],
                "image_codes: a pair [first code, last code] inside image_tokens is expected"
            ),
            (
                "image_codes", [9_223_372_036_854_775_807, 9_223_372_036_854_775_807],
                "image_codes: a pair [first code, last code] inside image_tokens is expected"
            ),
            (
                "alt_token", .null,
                "alt_token: is missing; bridges that write where images are drawn need it"
            ),
            (
                "reads", ["text": "none"],
                "reads.text: \"none\" is not known; known are \"all\", \"own\""
            ),
        ] as [(String, JSON, String)]
    )
    func wrongImageTokensAreNamed(key: String, value: JSON, message: String) throws {
        var json = Self.ownCross().json
        json[key] = value
        let error = #expect(throws: JSONFieldError.self) {
            try DecoderConfig(JSONReader(.object(json), source: "config.json"))
        }
        #expect(error?.description == "config.json: " + message)
    }

    /// Models from before bridges had norms of their own say nothing of norms.
    @Test("A config without norms is read as one with plain norms")
    func aConfigWithoutNormsHasPlainOnes() throws {
        var config = unlikeCross()
        config.norms = .plain
        var json = config.json
        guard case .object(var bridges)? = json["bridges"] else {
            Issue.record("no bridges")
            return
        }
        bridges["norms"] = nil
        json["bridges"] = .object(bridges)
        let read = try DecoderConfig(JSONReader(.object(json), source: "config.json"))
        #expect(read == .cross(config))
        let names = try ParameterStore.declaration { try CrossDecoder(config, $0) }.map(\.name)
        #expect(!names.contains { $0.hasPrefix("bridges.") && $0.contains("input_norm") })
    }

    @Test(
        "Wrong configs are named",
        arguments: [
            (
                "{}", "config.json: model_type: is missing"
            ),
            (
                #"{"model_type":"gpt9"}"#,
                #"config.json: model_type: "gpt9" is not known; known are "llama", "mistral", "qwen2", "qwen3", "chameleon", "opt", "gemma3_text", "gemma3", "smollm3", "olmo2", "phi3", "granite", "emu3", "Emu3", "emu3_text_model", "jam_width", "jam_cross""#
            ),
            (
                #"{"model_type":"llama","vocab_size":"9"}"#,
                #"config.json: vocab_size: an integer is expected, found the string "9""#
            ),
            (
                #"{"model_type":"llama","vocab_size":9,"hidden_size":9223372036854775807}"#,
                "config.json: hidden_size: 9223372036854775807 is too large; the most is 1048576"
            ),
            (
                #"{"model_type":"llama","vocab_size":9,"hidden_size":8,"num_hidden_layers":1,"num_attention_heads":4,"num_key_value_heads":3,"intermediate_size":8}"#,
                "config.json: num_key_value_heads: 3 does not divide 4 heads"
            ),
        ]
    )
    func wrongConfigsAreNamed(text: String, message: String) throws {
        let reader = try JSONReader(JSON(parsing: text), source: "config.json")
        let error = #expect(throws: JSONFieldError.self) { try DecoderConfig(reader) }
        #expect(error?.description == message)
    }
}
