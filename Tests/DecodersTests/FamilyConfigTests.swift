import Basics
import Checkpoints
import Decoders
import Layers
import Tensors
import Testing

/// What families refuse, the sizes of published models, and initialization.
@Suite struct FamilyConfigTests {
    private static let sizes =
        #""vocab_size":9,"hidden_size":8,"num_hidden_layers":2,"num_attention_heads":2"#
    private static let llama = sizes + #","intermediate_size":8"#
    private static let opt = sizes + #","ffn_dim":8"#

    @Test(
        "What a family cannot do is refused by name",
        arguments: [
            (
                #""chameleon","swin_norm":true,"# + llama,
                "swin_norm: true (post-norm, as in Chameleon 34B) is not supported; false is"
            ),
            (
                #""opt","do_layer_norm_before":false,"# + opt,
                "do_layer_norm_before: false is not supported; true is"
            ),
            (
                #""opt","_remove_final_layer_norm":true,"# + opt,
                "_remove_final_layer_norm: true is not supported; false is"
            ),
            (
                #""opt","word_embed_proj_dim":4,"# + opt,
                "word_embed_proj_dim: 4 is not supported; the hidden_size, 8, is"
            ),
            (
                #""opt","activation_function":"tanh","# + opt,
                #"activation_function: "tanh" is not known; known are "relu", "gelu", "quick_gelu", "gelu_pytorch_tanh", "silu""#
            ),
            (
                #""llama","rope_scaling":{"rope_type":"mrope","factor":4},"# + llama,
                #"rope_scaling.rope_type: "mrope" is not known; known are "default", "linear", "dynamic", "llama3", "yarn", "longrope""#
            ),
            (
                #""llama","rope_parameters":{"full_attention":{"rope_type":"default"}},"# + llama,
                "rope_parameters.full_attention: positions by kind of layer are not supported here"
            ),
            (
                #""llama","partial_rotary_factor":0.5,"# + llama,
                "partial_rotary_factor: 0.5 is not supported; 1 is"
            ),
            (
                #""gemma3_text","final_logit_softcapping":30,"# + llama,
                "final_logit_softcapping: soft caps (as in Gemma 2) are not supported; null is"
            ),
            (
                #""smollm3","no_rope_layers":[1,2],"# + llama,
                "no_rope_layers: 2 numbers, each 0 or 1, are expected"
            ),
            (
                #""llama","rope_scaling":{"type":"llama3","factor":4},"# + llama,
                "rope_scaling.low_freq_factor: is missing"
            ),
            (
                #""llama","hidden_act":"tanh","# + llama,
                #"hidden_act: "tanh" is not known; known are "relu", "gelu", "quick_gelu", "gelu_pytorch_tanh", "silu""#
            ),
            (
                #""llama","norm_groups":2,"# + llama,
                #"norm_groups: belongs to the model_type "jam_width""#
            ),
            (
                #""jam_width","family":"gpt9","norm_groups":2,"# + llama,
                #"family: "gpt9" is not known; known are "llama", "mistral", "qwen2", "qwen3", "chameleon", "opt", "cm3leon", "gemma3", "smollm3", "olmo2", "phi3", "granite", "emu3""#
            ),
            (
                #""qwen2","use_sliding_window":true,"layer_types":["sliding_attention"],"#
                    + llama,
                #"layer_types: 2 layers are expected, each "full_attention" or "sliding_attention""#
            ),
        ]
    )
    func whatAFamilyCannotDoIsRefusedByName(members: String, message: String) throws {
        let json = try JSON(parsing: #"{"model_type":"# + members + "}")
        let reader = try JSONReader(json, source: "config.json")
        let error = #expect(throws: JSONFieldError.self) { try DecoderConfig(reader) }
        #expect(error?.description == "config.json: " + message)
    }

    /// Prevents a default that differs from that of `transformers`.
    @Test("Missing members mean what transformers says")
    func missingMembersMeanWhatTransformersSays() throws {
        func config(_ members: String) throws -> TowerConfig {
            let json = try JSON(parsing: #"{"model_type":"# + members + "}")
            return try TowerConfig(JSONReader(json, source: "config.json"))
        }
        let mistral = try config(
            #""mistral","vocab_size":9,"hidden_size":64,"num_hidden_layers":1,"#
                + #""num_attention_heads":16,"intermediate_size":8"#
        )
        #expect(mistral.keyValueHeadCount == 8)
        #expect(mistral.parts.window?.size == 4096 && mistral.parts.window?.fullLayers == [])
        let open = #""mistral","sliding_window":null,"num_key_value_heads":1,"# + Self.llama
        #expect(try config(open).parts.window == nil)
        #expect(try config(#""qwen3","# + Self.llama).headWidth == 128)
        #expect(try config(#""qwen2","# + Self.llama).parts.window == nil)
        #expect(try config(#""chameleon","# + Self.llama).parts.norm == .rms(epsilon: 1e-5))
        #expect(try config(#""llama","# + Self.llama).parts.norm == .rms(epsilon: 1e-6))
        let opt = try config(#""opt","# + Self.opt)
        #expect(opt.family == .opt && opt.tiesEmbeddings && opt.contextLength == 2048)
        let bare = #""opt","enable_bias":false,"layer_norm_elementwise_affine":false,"# + Self.opt
        #expect(try config(bare).family == .cm3leon)
        // Folders from before there were families are Llamas.
        #expect(try config(#""jam_width","norm_groups":2,"# + Self.llama).family == .llama)
    }

    /// Prevents shapes other than those of the published weights, whose parameters these counts are.
    @Test("Published models have their parameters", arguments: published)
    func publishedModelsHaveTheirParameters(config: TowerConfig, count: Int) throws {
        let specs = try DecoderConfig.tower(config).declaration()
        #expect(specs.reduce(0) { $0 + $1.count } == count)
    }

    private static let published: [(TowerConfig, Int)] = [
        // Llama 3.2 1B, Llama 3.1 8B, Mistral 7B v0.3, Qwen2.5 0.5B, Qwen3 0.6B, OPT 125M.
        (size(.llama, 128_256, 2048, layers: 16, heads: 32, 8, 8192, tied: true), 1_235_814_400),
        (size(.llama, 128_256, 4096, layers: 32, heads: 32, 8, 14_336), 8_030_261_248),
        (size(.mistral, 32_768, 4096, layers: 32, heads: 32, 8, 14_336), 7_248_023_552),
        (size(.qwen2, 151_936, 896, layers: 24, heads: 14, 2, 4864, tied: true), 494_032_768),
        (
            size(.qwen3, 151_936, 1024, layers: 28, heads: 16, 8, 3072, of: 128, tied: true),
            596_049_920
        ),
        (
            size(.opt, 50_272, 768, layers: 12, heads: 12, nil, 3072, context: 2048, tied: true),
            125_239_296
        ),
        // Gemma 3 270M, SmolLM3 3B, OLMo 2 7B, Phi-3 mini, Granite 3.0 2B.
        (
            size(.gemma3, 262_144, 640, layers: 18, heads: 4, 1, 2048, of: 256, tied: true),
            268_098_176
        ),
        (
            size(.smollm3, 128_256, 2048, layers: 36, heads: 16, 4, 11_008, tied: true),
            3_075_098_624
        ),
        (size(.olmo2, 100_352, 4096, layers: 32, heads: 32, nil, 11_008), 7_298_617_344),
        (size(.phi3, 32_064, 3072, layers: 32, heads: 32, nil, 8192), 3_821_079_552),
        (size(.granite, 49_155, 2048, layers: 40, heads: 32, 8, 8192, tied: true), 2_533_531_648),
        // Chameleon 7B, with its head norms, and CM3Leon 350M, both counted from the papers.
        (size(.chameleon, 65_536, 4096, layers: 32, heads: 32, nil, 11_008), chameleonCount),
        (size(.cm3leon, 64_512, 1024, layers: 24, heads: 16, nil, 4096, tied: true), cm3leonCount),
    ]

    private static let chameleonCount: Int = {
        let layer = 4 * 4096 * 4096 + 3 * 4096 * 11_008 + 2 * 4096 + 4 * 4096
        return 32 * layer + 2 * 65_536 * 4096 + 4096
    }()

    /// 12 D² a layer, the table of 56,320 tokens and 8,192 codes, 4,098 positions.
    private static let cm3leonCount: Int = {
        let (layer, table) = (12 * 1024 * 1024, 64_512 * 1024)
        return 24 * layer + table + 4098 * 1024
    }()

    private static func size(
        _ family: Family,
        _ vocabulary: Int,
        _ hiddenSize: Int,
        layers: Int,
        heads: Int,
        _ keyValueHeads: Int?,
        _ feedForward: Int,
        of headWidth: Int? = nil,
        context: Int = 4096,
        tied: Bool = false
    ) -> TowerConfig {
        TowerConfig(
            family,
            vocabularySize: vocabulary,
            hiddenSize: hiddenSize,
            layerCount: layers,
            headCount: heads,
            keyValueHeadCount: keyValueHeads,
            headWidth: headWidth,
            feedForwardSize: feedForward,
            contextLength: context,
            tiesEmbeddings: tied
        )
    }

    /// Prevents an initialization that is not the paper's: normal, std 0.006, truncated at 3 std; zero
    /// output projections.
    @Test("Cm 3 leon is initialized as in the paper") func cm3leonIsInitializedAsInThePaper() throws
    {
        let config = TowerConfig(
            .cm3leon,
            vocabularySize: 500,
            hiddenSize: 64,
            layerCount: 1,
            headCount: 2,
            feedForwardSize: 256,
            contextLength: 300
        )
        let store = try ParameterStore.build(from: InitializationSource(seed: 1)) {
            try Decoder(config, $0)
        }.store
        #expect(store.parameters.count == 9)
        for parameter in store.parameters {
            let name = parameter.spec.name
            let numbers = try parameter.tensor.floats()
            let square = numbers.reduce(0) { $0 + $1 * $1 } / Float(numbers.count)
            let largest = numbers.map(\.magnitude).max() ?? 0
            if name.contains("out_proj") || name.contains("fc2") {
                #expect(largest == 0, "\(name)")
                continue
            }
            let deviation: Float = name.contains("positions") ? 0.0002 : 0.006
            // Truncation at 3σ reduces the standard deviation to 0.987 σ.
            #expect(abs(square.squareRoot() / deviation - 0.987) < 0.03, "\(name)")
            #expect(largest <= 3 * deviation * 1.0001 && largest > 2.5 * deviation, "\(name)")
        }
    }

    @Test("Widened configs survive a round trip") func widenedConfigsSurviveARoundTrip() throws {
        for family in Family.allCases {
            var config = TowerConfig(
                family,
                vocabularySize: 40,
                hiddenSize: 32,
                layerCount: 2,
                headCount: 4,
                feedForwardSize: 48,
                contextLength: 64
            )
            config.normGroups = 2
            let again = try TowerConfig(JSONReader(.object(config.json), source: "config.json"))
            #expect(again == config)
        }
    }
}
