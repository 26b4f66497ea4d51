import Basics
import Checkpoints
import Decoders
import Layers

/// JAM-Uniform (Aiello et al., section 3.1): θ = w θ_text + (1 − w) θ_image.
///
/// A start for training rather than a finished model. The result is an ordinary folder of the
/// parents' family.
struct Uniform {
    let parents: Parents
    let textShare: Double

    func model() throws -> FusedModel {
        try parents.requireLikeness(for: .uniform(textShare: textShare))
        let (text, image) = (parents.text, parents.image)
        var config = parents.config(of: .text)
        config.tiesEmbeddings = text.config.tiesEmbeddings && image.config.tiesEmbeddings
        config.contextLength = min(text.config.contextLength, image.config.contextLength)

        var rules: [String: TensorRule] = [:]
        for spec in text.parameters where spec.role != .table && spec.role != .head {
            rules[spec.name] = .average(
                try text.weight(spec.name),
                try image.weight(spec.name),
                textShare: textShare
            )
        }
        rules[config.tableName] = try parents.tables(areTied: config.tiesEmbeddings)
            .average(textShare: textShare)
        rules[TowerConfig.untiedHeadName] =
            config.tiesEmbeddings ? nil : try parents.heads().average(textShare: textShare)
        return FusedModel(
            config: parents.json(of: config),
            declaration: try ParameterStore.declaration { try Decoder(config, $0) },
            rules: rules,
            notes: parents.unlikeSettings
        )
    }
}
