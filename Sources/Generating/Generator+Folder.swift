internal import Checkpoints
package import Decoders
internal import Foundation
internal import Vision
internal import Vocabulary

extension Generator {
    /// Opens a model folder: the model, `tokenizer.json`, and `image_tokenizer/` where there is one.
    package convenience init(folder path: String) throws {
        try self.init(ModelFolder(path))
    }

    /// Puts a generator together of an opened model and the tokenizers in its folder.
    package convenience init(_ loaded: ModelFolder) throws {
        let path = loaded.folder.path
        let images = path + "/" + CheckpointFolder.FileName.imageTokenizer
        let tokenizer = try Tokenizer(contentsOf: URL(filePath: path))
        let rows = loaded.config.vocabularySize
        try loaded.folder.checkRows(rows, forTokens: tokenizer.space.count)
        let imageTokenizer =
            FileManager.default.fileExists(atPath: images)
            ? try openImageTokenizer(images) : nil
        do {
            try self.init(
                model: loaded.model,
                contextLength: loaded.config.contextLength,
                tokenizer: tokenizer,
                imageTokenizer: imageTokenizer
            )
        } catch {
            throw GenerationError.unfit(path: path, problem: error.description)
        }
    }
}
