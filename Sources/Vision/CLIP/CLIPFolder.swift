internal import Basics
package import Checkpoints
internal import Foundation
package import Layers
package import Vocabulary

/// The parts of a CLIP folder as Hugging Face has it, opened to be used or trained further.
package struct CLIPFolder {
    /// The network.
    package let model: CLIP
    /// Its weights.
    package let store: ParameterStore
    /// What makes tokens of texts, those that begin and end a text included.
    package let tokenizer: Tokenizer
    /// What makes pixels of images.
    package let preprocessing: CLIPPreprocessing

    /// Puts the parts of a new model together.
    ///
    /// - Throws: `VisionError` for a tokenizer that does not end texts as the model expects.
    package init(
        _ model: CLIP,
        _ store: ParameterStore,
        _ tokenizer: Tokenizer,
        _ preprocessing: CLIPPreprocessing
    ) throws {
        try Self.check(tokenizer, model.config, "the CLIP model")
        self.model = model
        self.store = store
        self.tokenizer = tokenizer
        self.preprocessing = preprocessing
    }

    /// Opens `config.json`, weights, `tokenizer.json`, and `preprocessor_config.json` or
    /// `processor_config.json`.
    ///
    /// - Throws: what is wrong with one of the files, or `VisionError` for a tokenizer that does not
    ///   end texts as the model expects.
    package init(opening folder: CheckpointFolder) throws {
        (model, store) = try CLIP.open(folder)
        tokenizer = try Tokenizer(contentsOf: URL(filePath: folder.path))
        try folder.checkRows(model.config.vocabularySize, forTokens: tokenizer.space.count)
        try Self.check(tokenizer, model.config, folder.path)
        preprocessing = try CLIPPreprocessing(of: folder, side: model.config.imageSize)
    }

    /// Writes a folder, whole or not at all, which `transformers` opens too.
    ///
    /// - Parameters:
    ///   - path: a folder; one that is there is replaced.
    ///   - format: what the weights are rounded to.
    /// - Throws: `FileError` for a full disk and the like.
    package func save(to path: String, as format: FloatFormat) throws {
        let folder = try OutputFolder(at: path, replacing: true)
        for (name, json) in [
            (CheckpointFolder.FileName.config, model.config.json),
            (CLIPPreprocessing.fileName, preprocessing.json),
        ] {
            try AtomicFile.write(json.text(.indented) + "\n", to: folder.file(name))
        }
        try tokenizer.write(to: URL(filePath: folder.path))
        try store.write(to: folder.file(CheckpointFolder.FileName.weights), as: format)
        try folder.commit()
    }

    /// The tokens of a text with those that begin and end it.
    ///
    /// What is longer than ``CLIPConfig/contextLength`` loses its last words, and not its end.
    package func tokens(of text: String) -> [TokenID] {
        let room = model.config.contextLength - tokenizer.postProcessed([]).count
        return tokenizer.postProcessed(Array(tokenizer.encode(text).prefix(room)))
    }

    /// Refuses a tokenizer whose texts do not end where the model looks.
    private static func check(
        _ tokenizer: Tokenizer,
        _ config: CLIPConfig,
        _ path: String
    ) throws(VisionError) {
        let frame = tokenizer.postProcessed([])
        guard let end = frame.last else {
            throw .unfitTokenizer(path: path, problem: "it puts no token at the end of a text")
        }
        guard frame.count <= config.contextLength else {
            let problem =
                "it puts \(frame.count) tokens around a text that has "
                + "\(config.contextLength) at most"
            throw .unfitTokenizer(path: path, problem: problem)
        }
        if config.endToken != CLIPConfig.legacyEndToken {
            guard end == config.endToken else {
                let problem =
                    "it ends texts with the token \(end), but eos_token_id is "
                    + "\(config.endToken)"
                throw .unfitTokenizer(path: path, problem: problem)
            }
        } else {
            guard end >= tokenizer.space.text.ranges.last?.upperBound ?? 0 else {
                let problem =
                    "it ends texts with the token \(end), but with an eos_token_id of "
                    + "\(config.endToken) the highest id ends them"
                throw .unfitTokenizer(path: path, problem: problem)
            }
        }
    }
}
