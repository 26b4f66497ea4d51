import Basics

/// The tokenization pipeline around the model, as `tokenizer.json` states it.
struct TextPipeline: Sendable {
    let normalizer: Normalizer
    let preTokenizer: PreTokenizer
    let decoder: TokenDecoder
    let postProcessor: PostProcessor
    /// The four members, kept for writing.
    let json: JSON.Object

    private static let members = ["normalizer", "pre_tokenizer", "post_processor", "decoder"]

    /// Reads the four members and checks that they fit together.
    init(_ reader: JSONReader) throws(JSONFieldError) {
        normalizer = try Normalizer(reader)
        preTokenizer = try PreTokenizer(reader)
        decoder = try TokenDecoder(reader)
        postProcessor = try PostProcessor(reader)
        guard preTokenizer.isByteLevel == (decoder == .byteLevel) else {
            let found = preTokenizer.isByteLevel ? "bytes" : "characters"
            let other = preTokenizer.isByteLevel ? "characters" : "bytes"
            let problem = "decodes tokens to \(other), but the pre_tokenizer encodes \(found)"
            throw reader.failure("decoder", problem)
        }
        var json = JSON.Object()
        for member in Self.members { json[member] = reader.object[member] ?? .null }
        self.json = json
    }

    /// The same pipeline with one post-processing step: `token` is appended.
    init(_ other: TextPipeline, endingWith token: AddedToken) {
        normalizer = other.normalizer
        preTokenizer = other.preTokenizer
        decoder = other.decoder
        postProcessor = PostProcessor(suffix: [token.id])
        var json = other.json
        json["post_processor"] = PostProcessor.json(endingWith: token)
        self.json = json
    }

    /// A byte-level pipeline that splits by one pattern.
    init(byteLevel pattern: SplitPattern) {
        normalizer = Normalizer()
        preTokenizer = PreTokenizer(steps: [Splitter(.pattern(pattern))])
        decoder = .byteLevel
        postProcessor = PostProcessor()
        json = [
            "normalizer": .null, "pre_tokenizer": pattern.json, "post_processor": .null,
            "decoder": SplitPattern.byteLevel(usesRegex: true),
        ]
    }
}

extension TextPipeline: Equatable {
    /// Compares the steps, not their JSON.
    static func == (left: TextPipeline, right: TextPipeline) -> Bool {
        left.normalizer == right.normalizer && left.preTokenizer == right.preTokenizer
            && left.decoder == right.decoder && left.postProcessor == right.postProcessor
    }
}
