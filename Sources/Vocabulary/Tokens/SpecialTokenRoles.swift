import Basics
import Foundation

/// Which special tokens `tokenizer_config.json` names for which purpose.
struct SpecialTokenRoles: Sendable, Equatable {
    /// The file that names them.
    var source = "tokenizer_config.json"
    /// Ends a document or an answer: `eos_token`.
    var end: String?
    /// Begins a document: `bos_token`.
    var beginning: String?
    /// Fills short rows: `pad_token`.
    var padding: String?
    /// Stands for what has no token: `unk_token`.
    var unknown: String?

    /// Makes roles that no token has.
    init() {}

    /// Reads the members of a `tokenizer_config.json`, of which a name may stand as a string or in an
    /// object with more about it.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        source = reader.source
        end = try Self.name("eos_token", reader)
        beginning = try Self.name("bos_token", reader)
        padding = try Self.name("pad_token", reader)
        unknown = try Self.name("unk_token", reader)
    }

    /// Every name by the member that gives it, which is also its name in templates.
    var named: [(member: String, spelling: String)] {
        [
            ("bos_token", beginning), ("eos_token", end), ("pad_token", padding),
            ("unk_token", unknown),
        ].compactMap { member, spelling in spelling.map { (member, $0) } }
    }

    /// Refuses an image code in any role.
    func check(isImageCode: (String) -> Bool) throws(JSONFieldError) {
        for (member, spelling) in named {
            guard isImageCode(spelling) else { continue }
            let problem = "\"\(spelling)\" is an image code; a token for this alone is expected"
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
