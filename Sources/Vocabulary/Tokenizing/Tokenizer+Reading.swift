package import Basics
package import Foundation

extension Tokenizer {
    /// Reads `tokenizer.json`, or the file of that name in a folder, where `tokenizer_config.json`
    /// may name the tokens that end a document and fill a row.
    ///
    /// - Throws: `FileError` if a file cannot be read or leads out of the folder, `TokenizerError` if
    ///   it is not JSON, `JSONFieldError` if a field is wrong or asks for something that is not
    ///   supported.
    package convenience init(contentsOf url: URL) throws {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        let files = TextFiles(of: isFolder.boolValue ? url : url.deletingLastPathComponent())
        let path = isFolder.boolValue ? files.path(of: "tokenizer.json") : url.relativePath
        let roles = try files.reader("tokenizer_config.json").map(SpecialTokenRoles.init)
        // A link that somebody names is followed, but not one that comes with a folder.
        let named = isFolder.boolValue ? try files.open("tokenizer.json") : try MappedFile(path)
        guard let file = named else { throw FileError.missing(path: path) }
        try self.init(json: TextFiles.json(file), source: path, roles: roles ?? SpecialTokenRoles())
    }

    /// Reads the contents of a `tokenizer.json`, which came from `source`.
    ///
    /// - Throws: `JSONFieldError` if a field is wrong or asks for something that is not supported.
    package convenience init(json: JSON, source: String = "tokenizer.json") throws(JSONFieldError) {
        try self.init(json: json, source: source, roles: SpecialTokenRoles())
    }

    private convenience init(
        json: JSON,
        source: String,
        roles: SpecialTokenRoles
    ) throws(JSONFieldError) {
        let reader = try JSONReader(json, source: source)
        // The version has never changed; the others are about batches, which are not made here.
        for ignored in ["version", "truncation", "padding"] { _ = reader.has(ignored) }

        let addedTokens = try Self.readAddedTokens(reader)
        let pipeline = try TextPipeline(reader)
        let model = try BytePairModel(
            reader.nested("model"),
            pipeline.cutter.isByteLevel ? .bytes : .characters,
            addedTokens: addedTokens
        )
        try reader.finish()
        let space = try TokenSpace(model, addedTokens: addedTokens, roles: roles, reader)
        for id in pipeline.frame.prefix + pipeline.frame.suffix
        where !(0..<space.count).contains(id) {
            throw reader.failure("post_processor", "puts the token \(id), which is not there")
        }
        self.init(
            model: model,
            pipeline: pipeline,
            addedTokens: addedTokens,
            roles: roles,
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
                throw element.failure("content", "\(token.spelling.quoted()) stands twice")
            }
            tokens.append(token)
        }
        return tokens
    }
}
