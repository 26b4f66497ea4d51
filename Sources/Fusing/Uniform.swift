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
        var config = text.config
        config.tiesEmbeddings = text.config.tiesEmbeddings && image.config.tiesEmbeddings
        config.contextLength = min(text.config.contextLength, image.config.contextLength)

        let declaration = try ParameterStore.declaration { try Decoder(config, $0) }
        var rules: [String: TensorRule] = [:]
        for name in text.parameters.map(\.name) where name != TowerConfig.untiedHeadName {
            rules[name] = .average(text: name, image: name, textShare: textShare)
        }
        if !config.tiesEmbeddings {
            rules[TowerConfig.untiedHeadName] = .average(
                text: text.config.headName,
                image: image.config.headName,
                textShare: textShare
            )
        }
        return FusedModel(
            config: parents.config(with: config),
            declaration: declaration,
            rules: rules,
            notes: parents.unlikeSettings
        )
    }
}
