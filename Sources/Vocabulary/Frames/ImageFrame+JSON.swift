package import Basics
internal import Checkpoints
package import Foundation

extension ImageFrame {
    /// The file of a model folder that says the frame, where the tokenizer does not.
    package static let fileName = "image_frame.json"

    /// Reads the frame beside a tokenizer, given as its folder or as its `tokenizer.json`; `nil` if
    /// there is none.
    ///
    /// - Throws: `FileError` if the file cannot be read or leads out of the folder, `TokenizerError`
    ///   if it is not JSON, `JSONFieldError` for a wrong member.
    package init?(ofTokenizer url: URL) throws {
        let isModel = try CheckpointFiles.isModel(url.relativePath)
        let files = try TextFiles(of: isModel ? url : url.deletingLastPathComponent())
        guard let reader = try files.reader(Self.fileName) else { return nil }
        try self.init(reader)
    }

    /// Reads an `image_frame.json`; no member may be unknown.
    package init(_ reader: JSONReader) throws(JSONFieldError) {
        opening = try Self.tokens("opening", reader)
        size = reader.has("size") ? try VariableSize(reader.nested("size")) : nil
        afterSize = reader.has("after_size") ? try Self.tokens("after_size", reader) : []
        rowEnd = reader.has("row_end") ? try reader.string("row_end") : nil
        closing = reader.has("closing") ? try Self.tokens("closing", reader) : []
        if case .text? = size?.notation, afterSize.isEmpty {
            throw reader.failure("after_size", "has no token, and a size in digits needs one")
        }
        try reader.finish()
    }

    private static func tokens(_ key: String, _ reader: JSONReader) throws(JSONFieldError)
        -> [String]
    {
        // Only an image without a beginning means nothing.
        if key != "opening", try reader.array(key).isEmpty { return [] }
        let tokens = try reader.strings(key)
        guard tokens.count <= 16 else {
            throw reader.failure(key, "has \(tokens.count) tokens; at most 16 are possible")
        }
        return tokens
    }

    /// The content of an `image_frame.json`.
    package var json: JSON {
        var object: JSON.Object = [:]
        object["opening"] = .array(opening.map(JSON.string))
        if let size { object["size"] = size.json }
        if !afterSize.isEmpty { object["after_size"] = .array(afterSize.map(JSON.string)) }
        if let rowEnd { object["row_end"] = .string(rowEnd) }
        if !closing.isEmpty { object["closing"] = .array(closing.map(JSON.string)) }
        return .object(object)
    }
}

extension ImageFrame.VariableSize {
    init(_ reader: JSONReader) throws(JSONFieldError) {
        switch (reader.has("tokens"), reader.has("text")) {
        case (true, false):
            let first = try reader.string("tokens")
            guard ImageFrame.numbered(first, plus: 0) != nil else {
                throw reader.failure("tokens", "\(first.quoted()) has no number")
            }
            notation = .tokens(first)
        case (false, true):
            let separator = try reader.string("text")
            guard !separator.isEmpty, !separator.utf8.contains(where: { (48...57).contains($0) })
            else {
                throw reader.failure("text", "\(separator.quoted()) does not part two numbers")
            }
            notation = .text(separator)
        default:
            throw reader.failure(
                "tokens",
                "either the token of one step or, as \"text\", what is between two numbers is expected"
            )
        }
        step = try reader.integer("step", default: 1, atLeast: 1, atMost: 1024)
        maximumCodes = try reader.integer("max_codes", atLeast: 1, atMost: 1 << 16)
        maximumRatio = try reader.integer("max_ratio", default: 4, atLeast: 1, atMost: 100)
        guard longestSide > 0 else {
            throw reader.failure(
                "max_codes",
                "is too small for an image of \(step) × \(step) codes"
            )
        }
        try reader.finish()
    }

    var json: JSON {
        var object: JSON.Object = [:]
        switch notation {
        case .tokens(let first): object["tokens"] = .string(first)
        case .text(let separator): object["text"] = .string(separator)
        }
        object["step"] = .integer(step)
        object["max_codes"] = .integer(maximumCodes)
        object["max_ratio"] = .integer(maximumRatio)
        return .object(object)
    }
}

extension ImageFrame {
    /// A string whose last number is larger by `difference`, with as many digits: `<reserved08801>`
    /// and 1 give `<reserved08802>`; `nil` if it has no number or none that large.
    static func numbered(_ spelling: String, plus difference: Int) -> String? {
        let bytes = Array(spelling.utf8)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let last = bytes.lastIndex(where: digits.contains) else { return nil }
        let first = bytes[..<last].lastIndex { !digits.contains($0) }.map { $0 + 1 } ?? 0
        guard let number = Int(String(decoding: bytes[first...last], as: UTF8.self)),
            case let (sum, overflows) = number.addingReportingOverflow(difference), !overflows
        else { return nil }
        let text = String(sum)
        let zeros = String(repeating: "0", count: max(0, last - first + 1 - text.utf8.count))
        return String(decoding: bytes[..<first], as: UTF8.self) + zeros + text
            + String(decoding: bytes[(last + 1)...], as: UTF8.self)
    }
}
