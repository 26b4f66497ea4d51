/// The names of a tower's weights in a checkpoint; by default Llama's.
struct TowerNames: Sendable {
    /// The prefix of everything but the head.
    var root = "model"
    var table = "embed_tokens"
    var positions = "embed_positions"
    var attentionOutput = "o_proj"
    var attentionNorm = "input_layernorm"
    /// The prefix of the feed-forward matrices within a layer; `nil` for none.
    var feedForward: String? = "mlp"
    var feedForwardNorm = "post_attention_layernorm"
    var finalNorm = "norm"

    static let attention = "self_attn"
    static let head = "lm_head"
}

extension TowerConfig {
    var names: TowerNames { family.definition.names }

    package var tableName: String { "\(names.root).\(names.table).weight" }

    /// The name of the weight that is the head: the input table if the two are tied.
    package var headName: String { tiesEmbeddings ? tableName : Self.untiedHeadName }

    package static let untiedHeadName = "\(TowerNames.head).weight"

    /// The path of the attention weights of layer `index`.
    package func attentionPath(layer index: Int) -> String {
        "\(names.root).layers.\(index).\(TowerNames.attention)"
    }

    /// The path of the norm before the attention of layer `index`.
    package func attentionNormPath(layer index: Int) -> String {
        "\(names.root).layers.\(index).\(names.attentionNorm)"
    }

    package var attentionOutputName: String { names.attentionOutput }

    /// Whether a checkpoint may have this weight although no layer uses it.
    package func allowsUnused(_ name: String) -> Bool {
        // Older checkpoints have the rotary frequencies, which follow from the config.
        if name.hasSuffix("rotary_emb.inv_freq") { return true }
        // Some checkpoints store a tied head, too.
        if tiesEmbeddings, name == Self.untiedHeadName { return true }
        return isAuxiliary(name)
    }

    package func isAuxiliary(_ name: String) -> Bool { family.definition.isAuxiliary(name) }
}
