/// The names of a tower's weights in a checkpoint; by default Llama's.
struct TowerNames: Sendable {
    /// The prefix of everything but the head.
    var root = "model"
    var table = "embed_tokens"
    var positions = "embed_positions"
    var attentionOutput = "o_proj"
    /// The norm before attention; `nil` for none.
    var attentionNorm: String? = "input_layernorm"
    /// The norm after attention; `nil` for none.
    var attentionOutputNorm: String?
    /// The prefix of the feed-forward matrices within a layer; `nil` for none.
    var feedForward: String? = "mlp"
    /// The norm before feed-forward; `nil` for none.
    var feedForwardNorm: String? = "post_attention_layernorm"
    /// The norm after feed-forward; `nil` for none.
    var feedForwardOutputNorm: String?
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

    /// The path of the weights of the norm before the attention of layer `index`; `nil` for none.
    package func attentionNormPath(layer index: Int) -> String? {
        names.attentionNorm.map { "\(names.root).layers.\(index).\($0)" }
    }

    package var attentionOutputName: String { names.attentionOutput }

    /// Whether a checkpoint may have this weight although no layer uses it.
    package func allowsUnused(_ name: String) -> Bool {
        // Older checkpoints have the rotary frequencies or angles, which follow from the config.
        if name.contains("rotary_emb.") { return true }
        // Some checkpoints store a tied head, too.
        if tiesEmbeddings, name == Self.untiedHeadName { return true }
        return isAuxiliary(name) || leavesOut(name)
    }

    /// Whether a weight is of a part that is neither run nor kept.
    func leavesOut(_ name: String) -> Bool { family.definition.leavesOut(name) }

    package func isAuxiliary(_ name: String) -> Bool { family.definition.isAuxiliary(name) }
}
