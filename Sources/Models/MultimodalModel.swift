internal import Checkpoints
package import Decoders
internal import Foundation
internal import Vocabulary

/// A model with all that belongs to it: network, text tokenizer and image tokenizer.
///
/// Generation, evaluation and training work on it. It belongs to one thread, as its network does.
package final class MultimodalModel {
    /// The network that predicts the next token.
    package let network: any LanguageModel
    /// The longest sequence that the network was made for, in tokens.
    package let contextLength: Int
    /// Turns documents into tokens and back.
    package let tokenizer: DocumentTokenizer

    /// Combines parts that fit.
    ///
    /// - Throws: ``ModelError`` if the vocabulary is larger than the network's, or has its image codes
    ///   elsewhere, or lacks `<eos>`, or lacks tokens for images while there is an image tokenizer.
    package init(
        _ network: any LanguageModel,
        _ tokenizer: DocumentTokenizer,
        contextLength: Int
    ) throws(ModelError) {
        let space = tokenizer.space
        guard space.count <= network.vocabularySize else {
            throw .vocabularyTooLarge(tokens: space.count, rows: network.vocabularySize)
        }
        if let codes = network.head.separateCodes, codes != space.image {
            throw .otherCodes(config: codes, tokenizer: space.image)
        }
        try tokenizer.require(.end, for: "every answer")
        if tokenizer.image != nil { _ = try tokenizer.requiredFrame() }
        self.network = network
        self.tokenizer = tokenizer
        self.contextLength = contextLength
    }

    /// Opens a model folder for answering and evaluating: weights, `tokenizer.json`, and
    /// `image_tokenizer/` if there is one.
    package convenience init(contentsOf path: String) throws {
        try self.init(ModelFolder(path, packing: true))
    }

    /// Combines a network that is open already with the tokenizers of its folder.
    package convenience init(_ opened: ModelFolder) throws {
        let path = opened.folder.path
        do {
            let rows = opened.config.vocabularySize
            let tokenizer = try DocumentTokenizer(
                folder: path,
                rows: rows,
                imageTokenizer: opened.folder.imageTokenizer
            )
            try opened.folder.checkRows(rows, forTokens: tokenizer.space.count)
            try self.init(opened.model, tokenizer, contextLength: opened.config.contextLength)
        } catch let error as ModelError {
            throw ModelError.unfit(path: path, problem: error.description)
        }
    }

    /// What is odd about the tokenizer, one sentence each.
    package var warnings: [String] { tokenizer.text.warnings }

    /// Whether it can draw images.
    package var draws: Bool { (try? tokenizer.decoder()) != nil }
}

extension CheckpointFolder {
    /// The folder of the image tokenizer, if there is one.
    package var imageTokenizer: String? {
        let inner = path + "/" + FileName.imageTokenizer
        return FileManager.default.fileExists(atPath: inner) ? inner : nil
    }
}
