import Basics
import Checkpoints
import Decoders
import Foundation
package import Vocabulary

/// The two checkpoints of a fusion and their common vocabulary.
package struct Parents: Sendable {
    /// The text LLM.
    package let text: Parent
    /// The model of image tokens.
    package let image: Parent
    /// The vocabulary of the fused model: the identity where both parents have one tokenizer.
    package let vocabulary: TokenUnion
    /// The weights with NaN or infinity that were found while weights were read.
    let nonFinite: NonFiniteWeights

    /// Opens and checks both folders; of the weights only the headers are read.
    package init(
        text textPath: String,
        image imagePath: String,
        vocabulary rule: VocabularyRule = .same,
        refusingNonFinite: Bool = false
    ) throws {
        nonFinite = NonFiniteWeights(refusing: refusingNonFinite)
        text = try Parent(textPath, as: .text, nonFinite)
        image = try Parent(imagePath, as: .image, nonFinite)
        // A folder may have vocab.json and merges.txt instead.
        let json =
            try text.folder.json(CheckpointFolder.FileName.tokenizer) ?? text.tokenizer.json
        let needed = try Self.neededTokens(text, image)
        let (textRows, imageRows) = (text.config.vocabularySize, image.config.vocabularySize)
        switch rule {
        case .same:
            try Self.requireOneTokenizer(text, image)
            guard textRows == imageRows else {
                throw FusionError.vocabularySizes(text: textRows, image: imageRows)
            }
            vocabulary = try TokenUnion(
                sharing: text.tokenizer,
                rows: textRows,
                json: json,
                needed: needed
            )
        case .union:
            vocabulary = try TokenUnion(
                text.tokenizer,
                rows: textRows,
                json: json,
                with: image.tokenizer,
                rows: imageRows,
                needed: needed
            )
        }
    }

    /// The special tokens that a fused model needs to draw, to learn by CM3 and to pad, and to
    /// converse where neither parent has a chat template.
    private static func neededTokens(_ text: Parent, _ image: Parent) throws
        -> [TokenSpace.SpecialToken]
    {
        let masks = (0..<TokenSpace.SpecialToken.maskCount).map(TokenSpace.SpecialToken.mask)
        // An image parent from before `<tell>` gets it.
        let decides = image.tokenizer.space.specialTokens[.drawing] != nil
        let needed = [.imageStart, .infill] + masks + [.padding] + (decides ? [.telling] : [])
        for parent in [text, image]
        where try ChatTemplates.exist(inModel: URL(filePath: parent.folder.path)) {
            return needed
        }
        return needed + [.system, .user, .assistant]
    }

    private static func requireOneTokenizer(_ text: Parent, _ image: Parent) throws {
        guard text.tokenizer != image.tokenizer else { return }
        let file = CheckpointFolder.FileName.tokenizer
        let difference = try text.folder.json(file).flatMap { left in
            try image.folder.json(file).flatMap { left.firstDifference(from: $0) }
        }
        throw FusionError.tokens(
            text: text.folder.path,
            image: image.folder.path,
            difference: difference ?? "they split text differently"
        )
    }

    var space: TokenSpace { vocabulary.tokenizer.space }

    /// The parents' input tables; tied ones are heads, too.
    func tables(areTied: Bool = false) throws(FusionError) -> VocabularyRules {
        try rules(for: \.tableName, areHeads: areTied)
    }

    /// The parents' heads.
    func heads() throws(FusionError) -> VocabularyRules {
        try rules(for: \.headName, areHeads: true)
    }

    private func rules(for name: KeyPath<TowerConfig, String>, areHeads: Bool)
        throws(FusionError) -> VocabularyRules
    {
        VocabularyRules(
            text: try text.weight(text.config[keyPath: name]),
            image: try image.weight(image.config[keyPath: name]),
            vocabulary,
            textRows: areHeads
                ? (text.tokenizer.space.text, image.tokenizer.space.text) : nil
        )
    }

    /// The config of a parent with the fused vocabulary, without ids and rows that no longer hold.
    func config(of role: Parent.Role) -> TowerConfig {
        var config = role == .text ? text.config : image.config
        config.vocabularySize = vocabulary.rows
        config.others[DecoderConfig.addedTokensKey] = nil
        if role == .image, vocabulary.isUnion {
            for key in config.others.keys
            where key.hasSuffix("_token_id") || key == "vocabulary_map" {
                config.others[key] = nil
            }
        }
        return config
    }
}
