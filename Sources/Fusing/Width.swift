import Basics
import Checkpoints
import Decoders
import Layers

/// JAM-Width (Aiello et al., section 3.1): twice the hidden size, heads and inner width.
///
/// Tables are concatenated along the width, each matrix becomes 2 × 2 blocks. Text heads come
/// first, so that grouped queries keep their groups. The head's rows are halved: with a
/// block-diagonal model and norms by halves the logits are then the mean of the parents'.
///
/// With ``OffDiagonal/copy`` each output sums two products where its parent summed one. The paper
/// speaks of no rescaling, and we add none: what follows is normed or, in training, adapts. A norm
/// over the whole width is not that of either half, so that with ``WidthNorm/whole`` the result is
/// a start for training rather than a finished model. Heads that are normed need
/// ``WidthNorm/halves``, where the gains of each half stay its parent's.
struct Width {
    private let parents: Parents
    private let offDiagonal: OffDiagonal
    private let norm: WidthNorm

    init(_ parents: Parents, offDiagonal: OffDiagonal, norm: WidthNorm) {
        self.parents = parents
        self.offDiagonal = offDiagonal
        self.norm = norm
    }

    func model() throws -> FusedModel {
        try parents.requireLikeness(for: .width(offDiagonal: offDiagonal, norm: norm))
        let (text, image) = (parents.text, parents.image)
        try refuseHeadNorms()
        let config = self.config
        var rules: [String: TensorRule] = [:]
        for spec in text.parameters {
            rules[spec.name] = rule(for: spec)
        }
        rules[config.tableName] = table(text.config.tableName, image.config.tableName, scale: 1)
        rules[TowerConfig.untiedHeadName] = table(
            text.config.headName,
            image.config.headName,
            scale: 0.5
        )
        return FusedModel(
            config: parents.config(with: config),
            declaration: try ParameterStore.declaration { try Decoder(config, $0) },
            rules: rules,
            notes: parents.unlikeSettings
        )
    }

    /// One gain for all heads cannot be that of two parents.
    private func refuseHeadNorms() throws(FusionError) {
        guard norm == .whole, parents.text.config.parts.headNorm != .none,
            let gain = parents.text.parameters.first(where: { $0.name.hasSuffix("q_norm.weight") })
        else { return }
        throw .headNorms(
            family: parents.text.config.family.title,
            name: gain.name,
            shape: gain.shape
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

    /// A table or a head, which have a row a token.
    private func table(_ text: String, _ image: String, scale: Double) -> TensorRule {
        guard let union = parents.union else {
            return .sideBySide(text: text, image: image, scale: scale)
        }
        return .union(UnionTable(text: text, image: image, .sideBySide(scale: scale), union))
    }

    private func rule(for spec: ParameterSpec) -> TensorRule {
        switch spec.role {
        case .table, .positions, .head: .sideBySide(text: spec.name, image: spec.name, scale: 1)
        case .gain, .bias: .stacked(text: spec.name, image: spec.name)
        case .matrix, .kernel:
            .blocks(text: spec.name, image: spec.name, offDiagonal: offDiagonal)
        }
    }
}
