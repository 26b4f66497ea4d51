package import Basics
internal import Checkpoints
package import Foundation

extension Tokenizer {
    /// Reads a `tokenizer.json`, or a model with one: a GGUF file, or a folder, which can have
    /// `vocab.json` and `merges.txt` instead.
    ///
    /// The files beside it may name the end and padding tokens, see ``SpecialTokensMap``.
    ///
    /// - Throws: `FileError` if a file cannot be read or leads out of the folder, `TokenizerError`
    ///   if it is not JSON, `JSONFieldError` for a wrong or unsupported field.
    package convenience init(contentsOf url: URL) throws {
        let isModel = try CheckpointFiles.isModel(url.relativePath)
        let files = try TextFiles(of: isModel ? url : url.deletingLastPathComponent())
        let path = isModel ? files.path(of: "tokenizer.json") : url.relativePath
        var specialTokensMap = try SpecialTokensMap(files)
        // A link that the caller names is followed, one inside a folder only within it.
        let named =
            isModel ? try files.json("tokenizer.json") : try TextFiles.json(MappedFile(path))
        if let json = named {
            try self.init(json: json, source: path, specialTokensMap: specialTokensMap)
        } else if isModel, let pair = try VocabularyAndMerges(files, &specialTokensMap) {
            try self.init(json: pair.json, source: pair.source, specialTokensMap: specialTokensMap)
        } else {
            throw FileError.missing(path: path)
        }
    }

    /// Whether a model has the files of a tokenizer.
    package static func isThere(in model: URL) throws -> Bool {
        let files = try TextFiles(of: model)
        return try files.has("tokenizer.json") || VocabularyAndMerges.areThere(in: files)
    }

    /// Reads the contents of a `tokenizer.json`; messages call them `source`.
    ///
    /// - Throws: `JSONFieldError` for a wrong or unsupported field.
    package convenience init(json: JSON, source: String = "tokenizer.json") throws(JSONFieldError) {
        try self.init(json: json, source: source, specialTokensMap: SpecialTokensMap())
    }

    convenience init(
        json: JSON,
        source: String,
        specialTokensMap: SpecialTokensMap
    ) throws(JSONFieldError) {
        let reader = try JSONReader(json, source: source)
        // The version has never changed; the others are about batches.
        reader.ignore("version", "truncation", "padding")

        let addedTokens = try AddedTokenReader(reader, specialTokensMap).tokens
        let pipeline = try TextPipeline(reader)
        let model = try BPEModel(
            reader.nested("model"),
            pipeline.preTokenizer.isByteLevel ? .bytes : .characters,
            addedTokens: addedTokens
        )
        try reader.finish()
        let space = try TokenSpace(
            model,
            addedTokens: addedTokens,
            specialTokensMap: specialTokensMap,
            reader
        )
        for id in pipeline.postProcessor.prefix + pipeline.postProcessor.suffix
        where !(0..<space.count).contains(id) {
            throw reader.failure("post_processor", "adds the token \(id), which does not exist")
        }
        self.init(
            model: model,
            pipeline: pipeline,
            addedTokens: addedTokens,
            specialTokensMap: specialTokensMap,
            space: space,
            warnings: model.warnings + specialTokensMap.ends.warnings
                + space.warnings(about: specialTokensMap.ends)
        )
    }
}

extension BPEModel {
    /// Control characters, and bytes that UTF-8 does not have or that begin unassigned characters:
    /// vocabularies that were made of texts lack them.
    private static let unusualBytes = Set<UInt8>(
        Array(0...8) + [11, 12] + Array(14...31) + [0x7F, 0xC0, 0xC1, 0xF1, 0xF2]
            + Array(0xF5...0xFF)
    )

    /// What a text can lose.
    fileprivate var warnings: [String] {
        guard !missingBytes.isEmpty else { return [] }
        let loss =
            unknown == nil
            ? "text loses them"
            : "they become \(reserved[unknown?.token ?? 0] ?? "the unknown token")"
        switch alphabet {
        case .bytes:
            let count = missingBytes.count { !Self.unusualBytes.contains($0) }
            return count == 0 ? [] : ["the vocabulary lacks \(count.of("byte")); \(loss)"]
        case .characters:
            guard unknown == nil else { return [] }
            return [
                "the vocabulary has neither all byte tokens nor an unknown token; text loses "
                    + "characters that it lacks"
            ]
        }
    }
}

extension TokenSpace {
    /// The ids that end nothing, and why.
    fileprivate func warnings(about ends: EndIDs) -> [String] {
        ends.ids.filter { !self.ends.contains($0) }.map { id in
            let problem =
                if text.contains(id) {
                    "is a token of text"
                } else if image.contains(id) {
                    "is an image code"
                } else {
                    "is not in the vocabulary of \(count) tokens"
                }
            return "\(ends.source): eos_token_id: \(id) \(problem) and is ignored"
        }
    }
}
