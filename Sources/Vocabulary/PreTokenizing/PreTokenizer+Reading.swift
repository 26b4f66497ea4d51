import Basics

extension PreTokenizer {
    /// Reads `pre_tokenizer`: a step, a `Sequence` of steps, or null.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        self.init(isByteLevel: false)
        guard reader.has("pre_tokenizer") else { return }
        let step = try reader.nested("pre_tokenizer")
        for (index, part) in try step.steps("pretokenizers").enumerated() {
            try add(part, isFirst: index == 0)
        }
    }

    private mutating func add(_ step: JSONReader, isFirst: Bool) throws(JSONFieldError) {
        switch try step.string("type") {
        case "ByteLevel": try addByteLevel(step, isFirst: isFirst)
        case "Metaspace": try addMetaspace(step, isFirst: isFirst)
        case "Split": add(try Splitter(step))
        case "Digits":
            let isIndividual = try step.bool("individual_digits", default: false)
            add(Splitter(.digit, isIndividual ? .isolated : .contiguous))
        case "Punctuation":
            add(Splitter(.punctuation, try step.choice("behavior", default: .isolated)))
        case "WhitespaceSplit": add(Splitter(.whitespace, .removed))
        case let other:
            throw step.failure(
                "type",
                "\(other.quoted()) is not supported; supported are \"ByteLevel\", \"Metaspace\", "
                    + "\"Split\", \"Digits\", \"Punctuation\", \"WhitespaceSplit\" and a "
                    + "\"Sequence\" of them"
            )
        }
    }

    private mutating func add(_ splitter: Splitter) {
        if isByteLevel { stepsOfBytes.append(splitter) } else { steps.append(splitter) }
    }

    private mutating func addByteLevel(_ step: JSONReader, isFirst: Bool) throws(JSONFieldError) {
        guard !isByteLevel else {
            throw step.failure("type", "\"ByteLevel\" is supported once")
        }
        step.ignore("trim_offsets")  // about offsets only
        if try step.bool("add_prefix_space", default: true) {
            guard isFirst else {
                throw step.failure(
                    "add_prefix_space",
                    "true is only supported in the first step of a \"Sequence\""
                )
            }
            preparation = .prefixSpace
        }
        if try step.bool("use_regex", default: true) { add(Splitter(.pattern(.gpt2))) }
        isByteLevel = true
    }

    private mutating func addMetaspace(_ step: JSONReader, isFirst: Bool) throws(JSONFieldError) {
        guard isFirst else {
            let problem = "\"Metaspace\" is only supported as the first step of a \"Sequence\""
            throw step.failure("type", problem)
        }
        try step.require("replacement", String(Character(Metaspace.scalar)))
        let older: Metaspace.Prefix =
            try step.bool("add_prefix_space", default: true) ? .always : .never
        step.ignore("str_rep")  // repeated by older files
        preparation = .metaspace(try step.choice("prepend_scheme", default: older))
        guard try step.bool("split", default: true) else { return }
        let mark = SplitPattern(literal: String(Character(Metaspace.scalar)))
        add(Splitter(.pattern(mark), .mergedWithNext))
    }
}

extension Splitter {
    /// Reads a `Split`.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        self.init(
            .pattern(try SplitPattern(reader.nested("pattern"))),
            try reader.choice("behavior"),
            isInverted: try reader.bool("invert", default: false)
        )
    }
}

extension SplitPattern {
    /// Reads a `pattern`: a `Regex` or a `String`.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        guard !reader.has("String") else {
            let literal = try reader.string("String")
            guard !literal.isEmpty else { throw reader.failure("String", "is empty") }
            self.init(literal: literal)
            return
        }
        let regex = try reader.string("Regex")
        do throws(RegexError) {
            try self.init(regex)
        } catch {
            let problem = "\(regex.quoted(60)) is not supported; it has \(error.problem.brief(80))"
            throw reader.failure("Regex", problem)
        }
    }

    /// The `pre_tokenizer` of a byte-level file with this pattern.
    var json: JSON {
        let split: JSON = [
            "type": "Split", "pattern": ["Regex": .string(regex)], "behavior": "Isolated",
            "invert": false,
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
