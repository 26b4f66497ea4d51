internal import Basics
package import Checkpoints
internal import Foundation
package import Layers
package import Vocabulary

/// A CLIP model in Hugging Face's format.
package struct CLIPFolder {
    package let model: CLIP
    package let store: ParameterStore
    package let tokenizer: Tokenizer
    package let preprocessing: CLIPPreprocessing

    /// - Throws: `VisionError` for a tokenizer with another end token than the model.
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
    /// - Throws: what is wrong with the files, or `VisionError` for a tokenizer with another end token
    ///   than the model.
    package init(opening folder: CheckpointFolder) throws {
        (model, store) = try CLIP.open(folder)
        let rows = model.config.vocabularySize
        tokenizer = try Tokenizer(contentsOf: URL(filePath: folder.path)).limited(to: rows)
        try folder.checkRows(rows, forTokens: tokenizer.space.count)
        try Self.check(tokenizer, model.config, folder.path)
        preprocessing = try CLIPPreprocessing(of: folder, side: model.config.imageSize)
    }

    /// Writes a folder for `transformers`, atomically; an existing one is replaced.
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

    /// The tokens of a text with start and end token, truncated to ``CLIPConfig/contextLength`` before the
    /// end token.
    package func tokens(of text: String) -> [TokenID] {
        let limit = model.config.contextLength - tokenizer.postProcessed([]).count
        return tokenizer.postProcessed(Array(tokenizer.encode(text).prefix(limit)))
    }

    /// Refuses a tokenizer with another end token than the model.
    private static func check(
        _ tokenizer: Tokenizer,
        _ config: CLIPConfig,
        _ path: String
    ) throws(VisionError) {
        let added = tokenizer.postProcessed([])
        let (limit, expected) = (config.contextLength, config.endToken)
        let isLegacy = expected == CLIPConfig.legacyEndToken
        guard let end = added.last else {
            throw .unfitTokenizer(path: path, problem: "it adds no end token to a text")
        }
        let problem: String? =
            if added.count > limit {
                "it adds \(added.count) tokens to a text, whose limit is \(limit)"
            } else if !isLegacy, end != expected {
                "its end token is \(end), but eos_token_id is \(expected)"
            } else if isLegacy, end < tokenizer.space.text.ranges.last?.upperBound ?? 0 {
                "its end token is \(end), but with the eos_token_id \(expected) it must be the "
                    + "highest token"
            } else {
                nil
            }
        if let problem { throw .unfitTokenizer(path: path, problem: problem) }
    }
}
