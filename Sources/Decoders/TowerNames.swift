/// What a checkpoint calls the weights of a tower; unless a family says otherwise, as Llama does.
struct TowerNames: Sendable {
    /// Where everything but the head lies.
    var root = "model"
    /// The input table.
    var table = "embed_tokens"
    /// Learned positions.
    var positions = "embed_positions"
    /// The output projection of attention.
    var attentionOutput = "o_proj"
    /// The norm before attention.
    var attentionNorm = "input_layernorm"
    /// Where the feed-forward matrices lie within a layer, if not in the layer itself.
    var feedForward: String? = "mlp"
    /// The norm before feed-forward.
    var feedForwardNorm = "post_attention_layernorm"
    /// The norm after the last layer.
    var finalNorm = "norm"

    /// Attention within a layer.
    static let attention = "self_attn"
    /// The output projection.
    static let head = "lm_head"
}

extension TowerConfig {
    var names: TowerNames { family.definition.names }

    /// The name of the input table.
    package var tableName: String { "\(names.root).\(names.table).weight" }

    /// The name of the weight whose rows are the head's: the input table where the two are tied.
    package var headName: String { tiesEmbeddings ? tableName : Self.untiedHeadName }

    /// The name of an output projection that is a weight of its own.
    package static let untiedHeadName = "\(TowerNames.head).weight"

    /// The beginning of the names of attention's weights in layer `index`.
    package func attentionPath(layer index: Int) -> String {
        "\(names.root).layers.\(index).\(TowerNames.attention)"
    }

    /// What the family calls the output projection of attention.
    package var attentionOutputName: String { names.attentionOutput }

    /// Whether a checkpoint of this model may have a weight that no layer asks for.
    package func mayLeaveOver(_ name: String) -> Bool {
        // Older checkpoints hold the rotary frequencies, which follow from the config.
        if name.hasSuffix("rotary_emb.inv_freq") { return true }
        // A tied head may be stored all the same.
        if tiesEmbeddings, name == Self.untiedHeadName { return true }
        return keepsApart(name)
    }

    /// Whether a weight of a checkpoint belongs to another network, which is kept and not run.
    package func keepsApart(_ name: String) -> Bool { family.definition.keepsApart(name) }
}
