import Basics
import Foundation

/// The special tokens that `tokenizer_config.json` names.
struct SpecialTokensMap: Sendable, Equatable {
    var source = "tokenizer_config.json"
    /// The `eos_token`.
    var end: String?
    /// The `bos_token`.
    var beginning: String?
    /// The `pad_token`.
    var padding: String?
    /// The `unk_token`.
    var unknown: String?

    init() {}

    /// Reads a `tokenizer_config.json`, in which a token is a string or an object.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        source = reader.source
        end = try Self.name("eos_token", reader)
        beginning = try Self.name("bos_token", reader)
        padding = try Self.name("pad_token", reader)
        unknown = try Self.name("unk_token", reader)
    }

    /// The named tokens by member, which is also their name in templates.
    var named: [(member: String, spelling: String)] {
        [
            ("bos_token", beginning), ("eos_token", end), ("pad_token", padding),
            ("unk_token", unknown),
        ].compactMap { member, spelling in spelling.map { (member, $0) } }
    }

    /// Refuses an image code as any of them.
    func check(isImageCode: (String) -> Bool) throws(JSONFieldError) {
        for (member, spelling) in named {
            guard isImageCode(spelling) else { continue }
            let problem = "\"\(spelling)\" is an image code; a special token is expected"
            throw JSONFieldError(source: source, field: member, problem: problem)
        }
    }

    private static func name(_ member: String, _ reader: JSONReader) throws(JSONFieldError)
        -> String?
    {
        guard reader.has(member) else { return nil }
        guard case .object? = reader.object[member] else { return try reader.string(member) }
        return try reader.nested(member).string("content")
    }
}
