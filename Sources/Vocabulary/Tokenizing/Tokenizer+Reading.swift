package import Basics
internal import Checkpoints
package import Foundation

extension Tokenizer {
    /// Reads a `tokenizer.json`, or a model with one, a folder or a GGUF file, in which
    /// `tokenizer_config.json` may name the end and padding tokens.
    ///
    /// - Throws: `FileError` if a file cannot be read or leads out of the folder, `TokenizerError`
    ///   if it is not JSON, `JSONFieldError` for a wrong or unsupported field.
    package convenience init(contentsOf url: URL) throws {
        let isModel = try CheckpointFiles.isModel(url.relativePath)
        let files = try TextFiles(of: isModel ? url : url.deletingLastPathComponent())
        let path = isModel ? files.path(of: "tokenizer.json") : url.relativePath
        let specialTokensMap = try files.reader("tokenizer_config.json").map(SpecialTokensMap.init)
        // A link that the caller names is followed, one inside a folder only within it.
        let named =
            isModel ? try files.json("tokenizer.json") : try TextFiles.json(MappedFile(path))
        guard let json = named else { throw FileError.missing(path: path) }
        try self.init(
            json: json,
            source: path,
            specialTokensMap: specialTokensMap ?? SpecialTokensMap()
        )
    }

    /// Reads the contents of a `tokenizer.json`; messages call them `source`.
    ///
    /// - Throws: `JSONFieldError` for a wrong or unsupported field.
    package convenience init(json: JSON, source: String = "tokenizer.json") throws(JSONFieldError) {
        try self.init(json: json, source: source, specialTokensMap: SpecialTokensMap())
    }

    private convenience init(
        json: JSON,
        source: String,
        specialTokensMap: SpecialTokensMap
    ) throws(JSONFieldError) {
        let reader = try JSONReader(json, source: source)
        // The version has never changed; the others are about batches.
        reader.ignore("version", "truncation", "padding")

        let addedTokens = try Self.readAddedTokens(reader)
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
            space: space
        )
    }

    private static func readAddedTokens(_ reader: JSONReader) throws(JSONFieldError)
        -> [AddedToken]
    {
        var tokens: [AddedToken] = []
        var spellings: [TokenID: String] = [:]
        var seen: Set<[UInt8]> = []
        for element in try reader.objects("added_tokens", default: []) {
            let token = try AddedToken(element)
            if let other = spellings.updateValue(token.spelling, forKey: token.id) {
                throw element.failure("id", "\(token.id) is already the id of \(other.quoted())")
            }
            guard seen.insert(token.bytes).inserted else {
                throw element.failure("content", "\(token.spelling.quoted()) is a duplicate")
            }
            tokens.append(token)
        }
        return tokens
    }
}
