import Basics

/// The `decoder` of a `tokenizer.json`: turns token strings into text.
enum TokenDecoder: Sendable, Equatable {
    /// Every character of a token encodes a byte.
    case byteLevel
    /// Tokens are text, except that `<0x0A>` and the like are bytes and `▁` is a space; the first
    /// `stripped` spaces of the text are dropped.
    case metaspace(stripped: Int)

    init(_ reader: JSONReader) throws(JSONFieldError) {
        let step = try reader.nested("decoder")
        switch try step.string("type") {
        case "ByteLevel":
            step.ignore("add_prefix_space", "trim_offsets", "use_regex")
            self = .byteLevel
        case "Sequence":
            self = .metaspace(stripped: try Self.strippedCount(step))
        case let other:
            throw step.failure(
                "type",
                "\(other.quoted()) is not supported; supported are \"ByteLevel\" and a \"Sequence\" of "
                    + "\"Replace\", \"ByteFallback\", \"Fuse\" and \"Strip\""
            )
        }
    }

    /// Checks that the steps are those of the SentencePiece families.
    private static func strippedCount(_ reader: JSONReader) throws(JSONFieldError) -> Int {
        let steps = try reader.steps("decoders")
        var types: [String] = []
        for step in steps { types.append(try step.string("type")) }
        let expected = ["Replace", "ByteFallback", "Fuse", "Strip"]
        guard types == expected || types == expected.dropLast() else {
            throw reader.failure(
                "decoders",
                "\(types.joined(separator: ", ").brief(200)) are not supported together; supported are "
                    + expected.joined(separator: ", ")
            )
        }
        try steps[0].nested("pattern").require("String", String(Character(Metaspace.scalar)))
        try steps[0].require("content", " ")
        guard steps.count == 4 else { return 0 }
        try steps[3].require("content", " ")
        guard try steps[3].integer("stop", default: 0) == 0 else {
            throw steps[3].failure("stop", "only 0 is supported")
        }
        return try steps[3].integer("start", default: 0, atLeast: 0)
    }

    /// The bytes that a token adds to a text, and whether it is a byte token, which only its
    /// neighbors complete to a character.
    func piece(spelledBy spelling: [UInt8]) -> (bytes: [UInt8], isByte: Bool) {
        switch self {
        case .byteLevel:
            return (spelling, false)
        case .metaspace:
            if let byte = ByteFallback.byte(spelledBy: spelling) { return ([byte], true) }
            guard spelling.contains(Metaspace.bytes[0]) else { return (spelling, false) }
            let step = Normalizer.Step.replace(Metaspace.bytes, by: [UInt8(ascii: " ")])
            return (Normalizer(steps: [step]).normalized(spelling), false)
        }
    }
}
