import Basics
import Checkpoints
import Decoders
package import Vocabulary

/// The two checkpoints of a fusion, which number their tokens alike or have a union of vocabularies.
package struct Parents: Sendable {
    /// The text LLM.
    package let text: Parent
    /// The model of image tokens.
    package let image: Parent
    /// The one vocabulary of both, where that was asked for.
    package let union: TokenUnion?

    /// Opens and checks both folders.
    package init(
        text textPath: String,
        image imagePath: String,
        vocabulary: VocabularyRule = .same
    ) throws {
        text = try Parent(textPath, as: .text)
        image = try Parent(imagePath, as: .image)
        union = vocabulary == .union ? try Self.union(of: text, image) : nil
        guard union == nil else { return }
        try checkTokens()
        guard text.config.vocabularySize == image.config.vocabularySize else {
            throw FusionError.vocabularySizes(
                text: text.config.vocabularySize,
                image: image.config.vocabularySize
            )
        }
    }

    /// The meaning of the rows of all tables.
    package var space: TokenSpace { tokenizer.space }

    /// What splits texts for the fused model.
    var tokenizer: Tokenizer { union?.tokenizer ?? text.tokenizer }

    /// The rows of all fused tables.
    var rows: Int { union?.rows ?? text.config.vocabularySize }

    /// The sizes of a parent over the fused vocabulary, without the ids of its own one.
    func config(of role: Parent.Role) -> TowerConfig {
        var config = self[role].config
        guard union != nil else { return config }
        config.vocabularySize = rows
        if role == .image {
            for key in config.others.keys
            where key.hasSuffix("_token_id") || key == "vocabulary_map" {
                config.others[key] = nil
            }
        }
        return config
    }

    private static func union(of text: Parent, _ image: Parent) throws -> TokenUnion {
        guard let json = try text.folder.json("tokenizer.json") else {
            throw FusionError.noTokenizer(parent: text.folder.path)
        }
        return try TokenUnion(
            text.tokenizer,
            rows: text.config.vocabularySize,
            json: json,
            with: image.tokenizer,
            rows: image.config.vocabularySize
        )
    }

    /// The parent in a role.
    subscript(role: Parent.Role) -> Parent {
        switch role {
        case .text: text
        case .image: image
        }
    }

    /// The shape of a parent's weight, `nil` if there is none of that name.
    func shape(of weight: ParentWeight) -> [Int]? { self[weight.parent].shape(of: weight.name) }

    private func checkTokens() throws {
        guard text.tokenizer != image.tokenizer else { return }
        let file = "tokenizer.json"
        let difference = try text.folder.json(file).flatMap { left in
            try image.folder.json(file).flatMap { left.firstDifference(from: $0) }
        }
        throw FusionError.tokens(
            text: text.folder.path,
            image: image.folder.path,
            difference: difference ?? "they split text differently"
        )
    }
}
