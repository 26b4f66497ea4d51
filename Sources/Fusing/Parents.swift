import Basics
import Checkpoints
import Decoders
public import Vocabulary

/// The two checkpoints of a fusion, which number their tokens alike.
public struct Parents: Sendable {
    /// The text LLM.
    public let text: Parent
    /// The model of image tokens.
    public let image: Parent

    /// Opens and checks both folders.
    public init(text textPath: String, image imagePath: String) throws {
        text = try Parent(textPath, as: .text)
        image = try Parent(imagePath, as: .image)
        try checkTokens()
        guard text.config.vocabularySize == image.config.vocabularySize else {
            throw FusionError.vocabularySizes(
                text: text.config.vocabularySize,
                image: image.config.vocabularySize
            )
        }
    }

    /// The meaning of the rows of all tables.
    public var space: TokenSpace { text.tokenizer.space }

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
