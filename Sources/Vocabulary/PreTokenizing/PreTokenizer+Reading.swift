import Basics

extension PreTokenizer {
    /// Reads `pre_tokenizer`: a step, a `Sequence` of steps, or null.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        guard reader.has("pre_tokenizer") else {
            self.init(isByteLevel: false)
            return
        }
        let step = try reader.nested("pre_tokenizer")
        let isAlone = try step.string("type") != "Sequence"
        self.init(isByteLevel: false)
        for part in try step.steps("pretokenizers") {
            guard !isByteLevel else {
                throw part.failure("type", "nothing is supported after \"ByteLevel\"")
            }
            try add(part, isAlone: isAlone)
        }
    }

    private mutating func add(_ step: JSONReader, isAlone: Bool) throws(JSONFieldError) {
        switch try step.string("type") {
        case "ByteLevel": try addByteLevel(step, isAlone: isAlone)
        case "Metaspace": try addMetaspace(step, isAlone: isAlone)
        case "Split": steps.append(.pattern(try SplitPattern(step)))
        case "Digits":
            let isIndividual = try step.bool("individual_digits", default: false)
            steps.append(.digits(individual: isIndividual))
        case "Punctuation":
            let behavior = try step.string("behavior", default: "Isolated")
            guard behavior == "Isolated" else {
                let problem = "\(behavior.quoted()) is not supported; supported is \"Isolated\""
                throw step.failure("behavior", problem)
            }
            steps.append(.punctuation)
        case let other:
            throw step.failure(
                "type",
                "\(other.quoted()) is not supported; supported are \"ByteLevel\", \"Metaspace\", "
                    + "\"Split\", \"Digits\", \"Punctuation\" and a \"Sequence\" of them"
            )
        }
    }

    private mutating func addByteLevel(_ step: JSONReader, isAlone: Bool) throws(JSONFieldError) {
        step.ignore("trim_offsets")  // about offsets only
        isByteLevel = true
        if try step.bool("add_prefix_space", default: true) {
            guard isAlone else {
                throw step.failure("add_prefix_space", "true is not supported in a \"Sequence\"")
            }
            preparation = .prefixSpace
        }
        if try step.bool("use_regex", default: true) { steps.append(.pattern(.gpt2)) }
    }

    private mutating func addMetaspace(_ step: JSONReader, isAlone: Bool) throws(JSONFieldError) {
        guard isAlone else {
            throw step.failure("type", "\"Metaspace\" is not supported in a \"Sequence\"")
        }
        try step.require("replacement", String(Character(Metaspace.scalar)))
        let older: Metaspace.Prefix =
            try step.bool("add_prefix_space", default: true) ? .always : .never
        step.ignore("str_rep")  // repeated by older files
        preparation = .metaspace(try step.choice("prepend_scheme", default: older))
        if try step.bool("split", default: true) { steps.append(.metaspace) }
    }
}

extension SplitPattern {
    /// Reads a `Split` with a known expression.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        let pattern = try reader.nested("pattern")
        let regex = try pattern.string("Regex")
        guard let known = Self.allCases.first(where: { $0.regex == regex }) else {
            throw pattern.failure(
                "Regex",
                "\(regex.quoted(60)) is not a known pattern; known are those of GPT-2, Llama 3, "
                    + "Qwen 2, Mistral, CLIP and Chameleon"
            )
        }
        let behavior = try reader.string("behavior")
        switch (behavior, try reader.bool("invert", default: false)) {
        case ("Removed", true) where known.dropsSpaces: break
        case _ where known.dropsSpaces:
            let problem = "for this pattern only \"Removed\" with invert = true is supported"
            throw reader.failure("behavior", problem)
        case ("Isolated", false): break
        // Removes what is between the matches, which is nothing.
        case ("Removed", true) where known.coversEverything: break
        case ("Isolated", true):
            throw reader.failure("invert", "true is not supported; supported is false")
        default:
            let problem = "\(behavior.quoted()) is not supported; supported is \"Isolated\""
            throw reader.failure("behavior", problem)
        }
        self = known
    }
}

extension SplitPattern {
    /// The `pre_tokenizer` of a byte-level file with this pattern.
    var json: JSON {
        let split: JSON = [
            "type": "Split", "pattern": ["Regex": .string(regex)],
            "behavior": dropsSpaces ? "Removed" : "Isolated", "invert": .bool(dropsSpaces),
        ]
        return self == .gpt2
            ? Self.byteLevel(usesRegex: true)
            : ["type": "Sequence", "pretokenizers": [split, Self.byteLevel(usesRegex: false)]]
    }

    /// The step that maps bytes to characters, which is also the `decoder`.
    static func byteLevel(usesRegex: Bool) -> JSON {
        [
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
            "use_regex": .bool(usesRegex),
        ]
    }
}
