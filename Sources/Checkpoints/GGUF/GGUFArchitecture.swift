import Basics

/// How a model of one GGUF architecture is written in a Hugging Face folder: its names as data.
///
/// Sources: llama.cpp's `convert_hf_to_gguf.py`, which these tables undo, and gguf's
/// `tensor_mapping.py`.
struct GGUFArchitecture: Sendable {
    /// What a value of `config.json` is read from.
    enum ConfigValue: Sendable {
        case key(String)
        case optionalKey(String)
        case constant(JSON)
    }

    /// The value of `general.architecture`, which also begins the keys of its metadata.
    let name: String
    let modelType: String
    /// The class in transformers.
    let modelClass: String
    /// Whether the rows of queries and keys are interleaved, so that rotary pairs are neighbors.
    var interleavesRotaryPairs = false
    /// Whether the weights of norms are stored with 1 added.
    var addsOneToNorms = false
    /// The names in a layer that differ from ``commonLayerNames``.
    var layerNames: [String: String] = [:]
    /// Further members of `config.json`.
    var config: [(member: String, value: ConfigValue)] = []
    /// Whether later tokens of a SentencePiece vocabulary merge later, whatever their scores.
    var mergesInOrder = false

    /// The name in a Hugging Face folder of a tensor; `nil` if the architecture has none such.
    func weightName(of tensor: String) -> String? {
        let parts = tensor.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let suffix = parts.last, suffix == "weight" || suffix == "bias" else { return nil }
        if parts.count == 2 {
            return Self.outerNames[parts[0]].map { "\($0).\(suffix)" }
        }
        guard parts.count == 4, parts[0] == "blk", let layer = Int(parts[1]), layer >= 0,
            String(layer) == parts[1],
            let name = layerNames[parts[2]] ?? Self.commonLayerNames[parts[2]]
        else { return nil }
        return "model.layers.\(layer).\(name).\(suffix)"
    }

    private static let outerNames = [
        "token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head",
    ]

    private static let commonLayerNames = [
        "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm",
        "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
        "attn_output": "self_attn.o_proj",
        "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm",
        "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
    ]
}
