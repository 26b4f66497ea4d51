import Basics

extension SplitPattern {
    /// Reads a `pre_tokenizer`: `ByteLevel` with the pattern of GPT-2 inside, or a `Sequence` of a
    /// `Split` by a known pattern and a `ByteLevel` without one.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        switch try reader.string("type") {
        case "ByteLevel":
            guard try Self.readByteLevel(reader) else {
                throw reader.failure("use_regex", "false is only supported after a \"Split\"")
            }
            self = .gpt2
        case "Sequence":
            let steps = try reader.objects("pretokenizers")
            guard steps.count == 2 else {
                throw reader.failure(
                    "pretokenizers",
                    "\(steps.count) steps are not supported; expected \"Split\" and \"ByteLevel\""
                )
            }
            try steps[0].require("type", "Split")
            try steps[1].require("type", "ByteLevel")
            self = try Self.readSplit(steps[0])
            guard try !Self.readByteLevel(steps[1]) else {
                throw steps[1].failure("use_regex", "true is not supported after a \"Split\"")
            }
        case let other:
            throw reader.failure(
                "type",
                "\"\(other)\" is not supported; supported are \"ByteLevel\" and a \"Sequence\" of "
                    + "\"Split\" and \"ByteLevel\""
            )
        }
    }

    /// Checks a `ByteLevel` and returns whether it cuts by GPT-2's pattern itself.
    private static func readByteLevel(_ reader: JSONReader) throws(JSONFieldError) -> Bool {
        _ = reader.has("trim_offsets")  // about offsets only
        guard try !reader.bool("add_prefix_space", default: true) else {
            throw reader.failure("add_prefix_space", "true is not supported; supported is false")
        }
        return try reader.bool("use_regex", default: true)
    }

    private static func readSplit(_ reader: JSONReader) throws(JSONFieldError) -> SplitPattern {
        try reader.require("behavior", "Isolated")
        guard try !reader.bool("invert", default: false) else {
            throw reader.failure("invert", "true is not supported; supported is false")
        }
        let pattern = try reader.nested("pattern")
        let regex = try pattern.string("Regex")
        guard let known = allCases.first(where: { $0.regex == regex }) else {
            throw pattern.failure(
                "Regex",
                "\"\(regex.prefix(60))\" is not a known pattern; known are those of GPT-2, Llama 3 "
                    + "and Qwen 2"
            )
        }
        return known
    }
}

extension SplitPattern {
    /// The `pre_tokenizer` of a file.
    var json: JSON {
        let split: JSON = [
            "type": "Split", "pattern": ["Regex": .string(regex)], "behavior": "Isolated",
            "invert": false,
        ]
        return self == .gpt2
            ? Self.byteLevel(usesRegex: true)
            : ["type": "Sequence", "pretokenizers": [split, Self.byteLevel(usesRegex: false)]]
    }

    /// The step that maps bytes to their characters, which is also the `decoder` of a file.
    static func byteLevel(usesRegex: Bool) -> JSON {
        [
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
            "use_regex": .bool(usesRegex),
        ]
    }
}
