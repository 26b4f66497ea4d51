import Basics
import Foundation

/// The special tokens that the files beside a `tokenizer.json` name.
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
    /// Whether the `bos_token` begins a sequence where the post-processor adds nothing.
    var addsBeginning = false
    /// Whether the `eos_token` ends a sequence of a folder without a `tokenizer.json`.
    var addsEnd = false
    /// The `eos_token_id` of a configuration file.
    var ends = EndIDs()

    init() {}

    /// Reads a `tokenizer_config.json`, in which a token is a string or an object.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        source = reader.source
        for (member, path) in Self.members { self[keyPath: path] = try Self.name(member, reader) }
        addsBeginning = try reader.bool("add_bos_token", default: false)
        addsEnd = try reader.bool("add_eos_token", default: false)
    }

    /// Reads the files of a folder, as `transformers` does: `special_tokens_map.json` counts
    /// before a `tokenizer_config.json` without `added_tokens_decoder`, and otherwise only for
    /// tokens that the latter leaves out.
    init(_ files: TextFiles) throws {
        let config = try files.reader("tokenizer_config.json")
        if let config { self = try SpecialTokensMap(config) }
        if let older = try files.reader("special_tokens_map.json") {
            let map = try SpecialTokensMap(older)
            let isNewer = config?.has("added_tokens_decoder") ?? false
            for (_, path) in Self.members {
                let (own, other) = (self[keyPath: path], map[keyPath: path])
                self[keyPath: path] = isNewer ? own ?? other : other ?? own
            }
        }
        ends = try EndIDs(files)
    }

    private static var members: [(String, WritableKeyPath<SpecialTokensMap, String?>)] {
        [
            ("bos_token", \.beginning), ("eos_token", \.end), ("pad_token", \.padding),
            ("unk_token", \.unknown),
        ]
    }

    /// The named tokens by member, which is also their name in templates.
    var named: [(member: String, spelling: String)] {
        Self.members.compactMap { member, path in self[keyPath: path].map { (member, $0) } }
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
