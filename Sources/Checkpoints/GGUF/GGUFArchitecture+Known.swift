import Basics

extension GGUFArchitecture {
    /// The architecture of a file.
    static func of(_ metadata: GGUFMetadata) throws(GGUFError) -> GGUFArchitecture {
        let name = try metadata.requiredString("general.architecture")
        guard let found = known.first(where: { $0.name == name }) else {
            let names = known.map(\.name).joined(separator: ", ")
            throw metadata.failure(
                "general.architecture",
                "\(name.quoted()) is not supported; supported are \(names)"
            )
        }
        return found
    }

    static let known = [
        // Mistral and SmolLM2 are of this architecture, too.
        GGUFArchitecture(
            name: "llama",
            modelType: "llama",
            modelClass: "LlamaForCausalLM",
            interleavesRotaryPairs: true
        ),
        GGUFArchitecture(name: "qwen2", modelType: "qwen2", modelClass: "Qwen2ForCausalLM"),
        GGUFArchitecture(name: "qwen3", modelType: "qwen3", modelClass: "Qwen3ForCausalLM"),
        gemma3,
        GGUFArchitecture(
            name: "phi3",
            modelType: "phi3",
            modelClass: "Phi3ForCausalLM",
            layerNames: ["attn_qkv": "self_attn.qkv_proj", "ffn_up": "mlp.gate_up_proj"],
            config: [("sliding_window", .optionalKey("attention.sliding_window"))]
        ),
        GGUFArchitecture(
            name: "olmo2",
            modelType: "olmo2",
            modelClass: "Olmo2ForCausalLM",
            layerNames: [
                "post_attention_norm": "post_attention_layernorm",
                "post_ffw_norm": "post_feedforward_layernorm",
            ]
        ),
        GGUFArchitecture(
            name: "granite",
            modelType: "granite",
            modelClass: "GraniteForCausalLM",
            interleavesRotaryPairs: true,
            config: [
                ("embedding_multiplier", .optionalKey("embedding_scale")),
                ("attention_multiplier", .optionalKey("attention.scale")),
                ("residual_multiplier", .optionalKey("residual_scale")),
                ("logits_scaling", .optionalKey("logit_scale")),
            ]
        ),
        // Every fourth layer has no positions, which the file does not say.
        GGUFArchitecture(
            name: "smollm3",
            modelType: "smollm3",
            modelClass: "SmolLM3ForCausalLM",
            interleavesRotaryPairs: true,
            config: [("no_rope_layer_interval", .constant(4))]
        ),
    ]

    /// Five layers with a window and a rope base of their own, then one without; the file says
    /// neither the pattern nor the base.
    private static let gemma3 = GGUFArchitecture(
        name: "gemma3",
        modelType: "gemma3_text",
        modelClass: "Gemma3ForCausalLM",
        addsOneToNorms: true,
        layerNames: [
            "ffn_norm": "pre_feedforward_layernorm",
            "post_attention_norm": "post_attention_layernorm",
            "post_ffw_norm": "post_feedforward_layernorm",
        ],
        config: [
            ("sliding_window", .key("attention.sliding_window")),
            ("sliding_window_pattern", .constant(6)),
            ("rope_local_base_freq", .constant(10000.0)),
            ("hidden_activation", .constant("gelu_pytorch_tanh")),
        ],
        mergesInOrder: true
    )
}
