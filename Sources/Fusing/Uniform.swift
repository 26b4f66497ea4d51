import Basics
import Checkpoints
import Decoders
import Layers

/// JAM-Uniform (Aiello et al., section 3.1): θ = w θ_text + (1 − w) θ_image.
///
/// A start for training rather than a finished model. The result is an ordinary folder of the
/// parents' family.
struct Uniform {
    private let parents: Parents
    private let textShare: Double

    init(_ parents: Parents, textShare: Double) {
        self.parents = parents
        self.textShare = textShare
    }

    func model() throws -> FusedModel {
        try parents.requireLikeness(for: .uniform(textShare: textShare))
        let (text, image) = (parents.text, parents.image)
        var config = parents.config(of: .text)
        config.tiesEmbeddings = text.config.tiesEmbeddings && image.config.tiesEmbeddings
        config.contextLength = min(text.config.contextLength, image.config.contextLength)

        let declaration = try ParameterStore.declaration { try Decoder(config, $0) }
        var rules: [String: TensorRule] = [:]
        for spec in text.parameters where spec.role != .table && spec.role != .head {
            rules[spec.name] = .average(text: spec.name, image: spec.name, textShare: textShare)
        }
        rules[config.tableName] = average(text.config.tableName, image.config.tableName)
        if !config.tiesEmbeddings {
            rules[TowerConfig.untiedHeadName] = average(text.config.headName, image.config.headName)
        }
        return FusedModel(
            config: parents.config(with: config),
            declaration: declaration,
            rules: rules,
            notes: parents.unlikeSettings
        )
    }

    /// A table or a head, which have a row a token.
    private func average(_ text: String, _ image: String) -> TensorRule {
        guard let union = parents.union else {
            return .average(text: text, image: image, textShare: textShare)
        }
        return .union(UnionTable(text: text, image: image, .average(textShare: textShare), union))
    }
}
