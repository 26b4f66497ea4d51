import Basics

/// What happens to a text around the byte pairs, as `tokenizer.json` states it.
struct TextPipeline: Sendable {
    let normalizer: Normalizer
    let cutter: Cutter
    let decoder: TokenDecoder
    let frame: SequenceFrame
    /// The members that state it, kept to be written.
    let json: JSON.Object

    private static let members = ["normalizer", "pre_tokenizer", "post_processor", "decoder"]

    /// Reads the four members and checks that they fit each other.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        normalizer = try Normalizer(reader)
        cutter = try Cutter(reader)
        decoder = try TokenDecoder(reader)
        frame = try SequenceFrame(reader)
        guard cutter.isByteLevel == (decoder == .byteLevel) else {
            let found = cutter.isByteLevel ? "bytes" : "characters"
            let other = cutter.isByteLevel ? "characters" : "bytes"
            let problem = "makes \(other) of tokens, but the pre_tokenizer makes tokens of \(found)"
            throw reader.failure("decoder", problem)
        }
        var json = JSON.Object()
        for member in Self.members { json[member] = reader.object[member] ?? .null }
        self.json = json
    }

    /// The same, but with a token at the end of each text and nothing else around it.
    init(_ other: TextPipeline, endingWith token: AddedToken) {
        normalizer = other.normalizer
        cutter = other.cutter
        decoder = other.decoder
        frame = SequenceFrame(suffix: [token.id])
        var json = other.json
        json["post_processor"] = SequenceFrame.json(endingWith: token)
        self.json = json
    }

    /// Bytes cut by one pattern, and nothing else.
    init(byteLevel pattern: SplitPattern) {
        normalizer = Normalizer()
        cutter = Cutter(cuts: [.pattern(pattern)])
        decoder = .byteLevel
        frame = SequenceFrame()
        json = [
            "normalizer": .null, "pre_tokenizer": pattern.json, "post_processor": .null,
            "decoder": SplitPattern.byteLevel(usesRegex: true),
        ]
    }
}

extension TextPipeline: Equatable {
    /// Compares what is done, not how it is stated.
    static func == (left: TextPipeline, right: TextPipeline) -> Bool {
        left.normalizer == right.normalizer && left.cutter == right.cutter
            && left.decoder == right.decoder && left.frame == right.frame
    }
}
