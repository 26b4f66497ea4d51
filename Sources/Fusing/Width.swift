import Basics
import Checkpoints
import Decoders
import Layers

/// JAM-Width (Aiello et al., section 3.1): twice the hidden size, heads and feed-forward size.
///
/// Tables are concatenated along the width, each matrix becomes 2 × 2 blocks. The text parent's
/// heads come first, so that grouped queries keep their groups. The head's rows are halved: with
/// zero off-diagonal blocks and norms by halves the logits are then the mean of the parents'.
///
/// With ``OffDiagonal/copy`` each output sums two products where its parent had one. The paper does
/// not rescale, and neither do we: norms follow, or training adapts. ``WidthNorm/whole`` averages
/// over both halves, so that the result is a start for training rather than a finished model. Norms
/// of queries and keys need ``WidthNorm/halves``, where each half keeps its parent's scale.
struct Width {
    let parents: Parents
    let offDiagonal: OffDiagonal
    let norm: WidthNorm

    func model() throws -> FusedModel {
        try parents.requireLikeness(for: .width(offDiagonal: offDiagonal, norm: norm))
        try refuseHeadNorms()
        let config = self.config
        var rules: [String: TensorRule] = [:]
        for spec in parents.text.parameters where spec.role != .table && spec.role != .head {
            let text = try parents.text.weight(spec.name)
            let image = try parents.image.weight(spec.name)
            rules[spec.name] =
                switch spec.role {
                case .table, .head, .positions: .sideBySide(text, image)
                case .scale: .stacked(text, image)
                case .bias: .stacked(text, image, sections: spec.sections)
                case .matrix, .kernel:
                    .blocks(text, image, offDiagonal, sections: spec.sections)
                }
        }
        rules[config.tableName] = try parents.tables().sideBySide(scale: 1)
        rules[TowerConfig.untiedHeadName] = try parents.heads().sideBySide(scale: 0.5)
        return FusedModel(
            config: parents.json(of: config),
            declaration: try ParameterStore.declaration { try Decoder(config, $0) },
            rules: rules,
            notes: parents.unlikeSettings
        )
    }

    /// A scale that all heads share cannot be that of two parents.
    private func refuseHeadNorms() throws(FusionError) {
        let text = parents.text
        guard norm == .whole, text.config.parts.normalizesEachHead,
            let weight = text.parameters.first(where: { $0.name.hasSuffix("q_norm.weight") })
        else { return }
        throw .headNorms(
            family: text.config.family.title,
            name: weight.name,
            shape: weight.shape
        )
    }

    private var config: TowerConfig {
        var config = parents.config(of: .text)
        config.hiddenSize *= 2
        config.headCount *= 2
        config.keyValueHeadCount *= 2
        config.feedForwardSize *= 2
        config.contextLength = min(config.contextLength, parents.image.config.contextLength)
        config.tiesEmbeddings = false
        config.normGroups = norm == .halves ? 2 : 1
        return config
    }
}
