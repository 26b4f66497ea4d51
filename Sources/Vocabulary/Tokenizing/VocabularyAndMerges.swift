import Basics

/// A folder with `vocab.json` and `merges.txt` instead of a `tokenizer.json`.
///
/// As `transformers` 5 converts it for the `tokenizer_class` of `tokenizer_config.json`: Qwen 2 and
/// CLIP by their own rules, all others as GPT-2.
struct VocabularyAndMerges {
    /// What a `tokenizer.json` would have.
    let json: JSON
    /// The path of `vocab.json`.
    let source: String

    static func areThere(in files: TextFiles) throws -> Bool {
        try files.open("vocab.json") != nil && files.open("merges.txt") != nil
    }

    /// Reads the files and names the special tokens of the class in `map` where no file does;
    /// `nil` without both files.
    init?(_ files: TextFiles, _ map: inout SpecialTokensMap) throws {
        guard let vocabulary = try files.reader("vocab.json"),
            let merges = try files.open("merges.txt")
        else { return nil }
        source = vocabulary.source
        let config = try files.reader("tokenizer_config.json")
        let kind = Kind(try config?.string("tokenizer_class", default: "") ?? "")
        map.end = map.end ?? "<|endoftext|>"
        map.beginning = map.beginning ?? kind.beginning
        map.unknown = map.unknown ?? "<|endoftext|>"
        if kind != .gpt2 { map.padding = map.padding ?? "<|endoftext|>" }

        let added = try OlderAddedTokens(vocabulary.object, map, files, config).tokens
        let prefixes = try config?.bool("add_prefix_space", default: false) ?? false
        json = [
            "added_tokens": .array(added.map(\.json)),
            "normalizer": kind.normalizer,
            "pre_tokenizer": kind.preTokenizer(addsSpace: prefixes),
            "post_processor": kind.postProcessor(map, added),
            "decoder": SplitPattern.byteLevel(usesRegex: true),
            "model": [
                "type": "BPE",
                "unk_token": kind == .clip ? map.unknown.map(JSON.string) ?? .null : .null,
                "end_of_word_suffix": kind == .clip ? "</w>" : "",
                "vocab": .object(vocabulary.object),
                "merges": .array(try Self.lines(merges).map(JSON.string)),
            ],
        ]
    }

    /// The lines of `merges.txt` without the `#version`.
    private static func lines(_ file: MappedFile) throws -> [String] {
        guard let text = String(validating: file.bytes, as: UTF8.self) else {
            throw TokenizerError.notText(file: file.path)
        }
        return text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
            .filter { !$0.isEmpty && !$0.hasPrefix("#version") }.map(String.init)
    }

    /// The rules of a class.
    private enum Kind {
        case gpt2
        case qwen2
        case clip

        init(_ name: String) {
            switch name {
            case "Qwen2Tokenizer", "Qwen2TokenizerFast": self = .qwen2
            case "CLIPTokenizer", "CLIPTokenizerFast": self = .clip
            default: self = .gpt2
            }
        }

        var beginning: String? {
            switch self {
            case .gpt2: "<|endoftext|>"
            case .qwen2: nil
            case .clip: "<|startoftext|>"
            }
        }

        var normalizer: JSON {
            switch self {
            case .gpt2: .null
            case .qwen2: ["type": "NFC"]
            case .clip:
                [
                    "type": "Sequence",
                    "normalizers": [
                        ["type": "NFC"],
                        ["type": "Replace", "pattern": ["Regex": #"\s+"#], "content": " "],
                        ["type": "Lowercase"],
                    ],
                ]
            }
        }

        func preTokenizer(addsSpace: Bool) -> JSON {
            func bytes(usesRegex: Bool, addsSpace: Bool = false) -> JSON {
                [
                    "type": "ByteLevel", "add_prefix_space": .bool(addsSpace),
                    "use_regex": .bool(usesRegex),
                ]
            }
            func split(_ regex: String, _ behavior: String, isInverted: Bool) -> JSON {
                [
                    "type": "Split", "pattern": ["Regex": .string(regex)],
                    "behavior": .string(behavior), "invert": .bool(isInverted),
                ]
            }
            switch self {
            case .gpt2: return bytes(usesRegex: true, addsSpace: addsSpace)
            case .qwen2:
                let regex = SplitPattern.qwen2.regex
                let steps = [
                    split(regex, "Isolated", isInverted: false), bytes(usesRegex: false),
                ]
                return ["type": "Sequence", "pretokenizers": .array(steps)]
            case .clip:
                let regex =
                    #"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|"#
                    + #"[^\s\p{L}\p{N}]+"#
                let steps = [split(regex, "Removed", isInverted: true), bytes(usesRegex: true)]
                return ["type": "Sequence", "pretokenizers": .array(steps)]
            }
        }

        func postProcessor(_ map: SpecialTokensMap, _ added: [AddedToken]) -> JSON {
            func token(_ spelling: String?) -> AddedToken? {
                added.first { $0.spelling == spelling }
            }
            let (first, last) = (token(map.beginning), token(map.end))
            if self == .clip, let first, let last {
                func pair(_ token: AddedToken) -> JSON {
                    [.string(token.spelling), .integer(token.id)]
                }
                return ["type": "RobertaProcessing", "cls": pair(first), "sep": pair(last)]
            }
            return PostProcessor.json(
                beginningWith: map.addsBeginning ? first : nil,
                endingWith: map.addsEnd ? last : nil
            )
        }
    }
}
