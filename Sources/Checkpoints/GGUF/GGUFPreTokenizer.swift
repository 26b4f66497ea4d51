import Basics

/// How a byte-level tokenizer splits text: `tokenizer.ggml.pre` names what `tokenizer.json` states.
struct GGUFPreTokenizer {
    /// What precedes the byte-level step.
    enum Splitting {
        /// GPT-2's expression, which is part of the step itself.
        case gpt2
        /// Single digits, then GPT-2's expression.
        case digits
        /// Falcon's: punctuation, GPT-2's expression, digits by threes.
        case falcon
        case regex(String)
    }

    let splitting: Splitting
    var normalizer: JSON = .null
    /// Whether a pre-token that is a token is not merged.
    var ignoresMerges = false
    /// Whether BOS is added where the file does not say it, as llama.cpp does.
    var beginsByDefault = false

    static let key = "tokenizer.ggml.pre"

    /// The pre-tokenizer of a file; older files do not name it and get GPT-2's.
    static func of(_ metadata: GGUFMetadata) throws(GGUFError) -> GGUFPreTokenizer {
        let name = try metadata.string(key) ?? "default"
        guard let found = known[name] else {
            let names = known.keys.sorted().joined(separator: ", ")
            throw metadata.failure(
                key,
                "the pre-tokenizer \(name.quoted()) is not supported; supported are \(names)"
            )
        }
        return found
    }

    /// Whether a file does not say how its tokenizer splits text.
    static func isUnnamed(in metadata: GGUFMetadata) -> Bool {
        guard metadata.values["tokenizer.ggml.model"] == .string("gpt2") else { return false }
        return metadata.values[key] == nil || metadata.values[key] == .string("default")
    }

    /// The `pre_tokenizer`.
    var json: JSON {
        switch splitting {
        case .gpt2: return Self.byteLevel(usesRegex: true)
        case .digits:
            return Self.sequence([
                ["type": "Digits", "individual_digits": true], Self.byteLevel(usesRegex: true),
            ])
        case .falcon:
            return Self.sequence([
                ["type": "Punctuation", "behavior": "Contiguous"], Self.byteLevel(usesRegex: true),
                ["type": "Digits", "individual_digits": false], Self.split("[0-9][0-9][0-9]"),
            ])
        case .regex(let regex):
            return Self.sequence([Self.split(regex), Self.byteLevel(usesRegex: false)])
        }
    }

    /// The step that maps bytes to characters, which is also the `decoder`.
    static func byteLevel(usesRegex: Bool) -> JSON {
        [
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
            "use_regex": .bool(usesRegex),
        ]
    }

    private static func split(_ regex: String) -> JSON {
        [
            "type": "Split", "pattern": ["Regex": .string(regex)], "behavior": "Isolated",
            "invert": false,
        ]
    }

    private static func sequence(_ steps: [JSON]) -> JSON {
        ["type": "Sequence", "pretokenizers": .array(steps)]
    }
}

extension GGUFPreTokenizer {
    /// By their names in llama.cpp's `llama-vocab.cpp`.
    private static let known: [String: GGUFPreTokenizer] = {
        let gpt2 = GGUFPreTokenizer(splitting: .gpt2)
        let digits = GGUFPreTokenizer(splitting: .digits)
        let cl100k = GGUFPreTokenizer(splitting: .regex(Self.cl100k))
        var llama3 = cl100k
        llama3.ignoresMerges = true
        llama3.beginsByDefault = true
        let qwen2 = GGUFPreTokenizer(splitting: .regex(Self.qwen2), normalizer: ["type": "NFC"])
        let tekken = GGUFPreTokenizer(
            splitting: .regex(Self.tekken),
            ignoresMerges: true,
            beginsByDefault: true
        )
        let gpt4o = GGUFPreTokenizer(splitting: .regex(Self.gpt4o))
        let families: [(pre: GGUFPreTokenizer, names: [String])] = [
            (gpt2, ["default", "gpt-2", "phi-2", "mpt", "olmo", "jais", "trillion"]),
            (digits, ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone"]),
            (GGUFPreTokenizer(splitting: .falcon), ["falcon"]),
            (llama3, ["llama3", "llama-v3", "llama-bpe", "falcon3"]),
            (cl100k, ["gpt-4", "dbrx", "smaug-bpe"]),
            (qwen2, ["qwen2", "deepseek-r1-qwen"]),
            (GGUFPreTokenizer(splitting: .regex(Self.qwen2)), ["stablelm2"]),
            (tekken, ["tekken"]),
            (gpt4o, ["gpt-4o"]),
        ]
        return Dictionary(
            uniqueKeysWithValues: families.flatMap { family in
                family.names.map { ($0, family.pre) }
            }
        )
    }()

    private static let cl100k = contractions + "|" + words(digits: #"\p{N}{1,3}"#)
    private static let qwen2 = contractions + "|" + words(digits: #"\p{N}"#)
    private static let tekken = casedWords(suffix: "", digits: #"\p{N}"#)
    private static let gpt4o = casedWords(suffix: contractions + "?", digits: #"\p{N}{1,3}"#)

    private static let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"

    private static func words(digits: String) -> String {
        #"[^\r\n\p{L}\p{N}]?\p{L}+|"# + digits
            + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }

    /// Words that a capital after a small letter ends.
    private static func casedWords(suffix: String, digits: String) -> String {
        let capitals = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
        let small = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
        let before = #"[^\r\n\p{L}\p{N}]?"#
        return before + capitals + "*" + small + "+" + suffix + "|"
            + before + capitals + "+" + small + "*" + suffix + "|"
            + digits + #"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }
}
