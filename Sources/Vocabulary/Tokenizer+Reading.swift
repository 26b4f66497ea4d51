public import Basics
public import Foundation

extension Tokenizer {
    /// Reads `tokenizer.json`, or the file of that name in a folder.
    ///
    /// - Throws: `FileError` if the file cannot be read, `TokenizerError` if it is not JSON, `JSONFieldError` if a
    ///   field is wrong or asks for something that is not supported.
    public convenience init(contentsOf url: URL) throws {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        let file = isFolder.boolValue ? url.appending(path: "tokenizer.json") : url
        let data = try MappedFile(file.path)
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: data.bytes)
        } catch {
            throw TokenizerError.malformed(file: file.path, error)
        }
        try self.init(json: json, source: file.path)
    }

    /// Reads the contents of a `tokenizer.json`, which came from `source`.
    ///
    /// - Throws: `JSONFieldError` if a field is wrong or asks for something that is not supported.
    public convenience init(json: JSON, source: String = "tokenizer.json") throws(JSONFieldError) {
        let reader = try JSONReader(json, source: source)
        // The version has never changed; the others are about batches, which are not made here.
        for ignored in ["version", "truncation", "padding"] { _ = reader.has(ignored) }

        let addedTokens = try Self.readAddedTokens(reader)
        let model = try BytePairModel(reader.nested("model"), addedTokens: addedTokens)
        let normalizer = try Normalizer(reader)
        let splitPattern = try SplitPattern(reader.nested("pre_tokenizer"))
        try Self.checkDecoder(reader.nested("decoder"))
        let postProcessor = reader.has("post_processor") ? reader.object["post_processor"] : nil
        try reader.finish()

        self.init(
            model: model,
            normalizer: normalizer,
            splitPattern: splitPattern,
            addedTokens: addedTokens,
            postProcessor: postProcessor ?? .null,
            space: try TokenSpace(text: model.ids, addedTokens: addedTokens, reader)
        )
    }

    private static func readAddedTokens(_ reader: JSONReader) throws(JSONFieldError)
        -> [AddedToken]
    {
        var tokens: [AddedToken] = []
        var spellings: [TokenID: String] = [:]
        var seen: Set<String> = []
        for element in try reader.objects("added_tokens", default: []) {
            let token = try AddedToken(element)
            if let other = spellings.updateValue(token.spelling, forKey: token.id) {
                throw element.failure("id", "\(token.id) is already the id of \"\(other)\"")
            }
            guard seen.insert(token.spelling).inserted else {
                throw element.failure("content", "\"\(token.spelling)\" stands twice")
            }
            tokens.append(token)
        }
        return tokens
    }

    private static func checkDecoder(_ reader: JSONReader) throws(JSONFieldError) {
        try reader.require("type", "ByteLevel")
        for ignored in ["add_prefix_space", "trim_offsets", "use_regex"] { _ = reader.has(ignored) }
    }
}

extension Normalizer {
    /// Reads the member `normalizer`.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        guard reader.has("normalizer") else {
            self = .none
            return
        }
        try reader.nested("normalizer").require("type", "NFC")
        self = .composed
    }
}

extension JSONReader {
    /// Refuses every value of the string `key` but one, by name.
    func require(_ key: String, _ supported: String) throws(JSONFieldError) {
        let found = try string(key)
        guard found == supported else {
            throw failure(key, "\"\(found)\" is not supported; supported is \"\(supported)\"")
        }
    }
}
