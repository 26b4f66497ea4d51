internal import Basics
internal import Jam

extension AnswerOptions {
    /// The server's settings with those of a request.
    init(_ body: JSONReader, _ service: AnswerService) throws {
        self = service.settings.answers
        seed =
            try body.has("seed")
            ? UInt64(bitPattern: Int64(body.integer("seed"))) : .random(in: 0...UInt64(UInt32.max))
        // What a conversation outgrows is told, not refused.
        forgetsOldTurns = true
        text = Sampling(
            temperature: try body.number("temperature", default: text.temperature),
            topP: try body.number("top_p", default: text.topP)
        )
        images = Sampling(
            temperature: try body.number("image_temperature", default: images.temperature),
            topP: try body.number("image_top_p", default: images.topP)
        )
        if body.has("guidance") { guidance = .classifierFree(try body.number("guidance")) }
        for member in ["max_tokens", "max_completion_tokens"] where body.has(member) {
            maximumTextTokens = try body.integer(member, atLeast: 0, atMost: 1_000_000)
        }
        let most = try body.integer(
            "max_images",
            default: imageCount.upperBound,
            atLeast: 0,
            atMost: Self.imageLimit
        )
        let least = try body.integer("min_images", default: 0, atLeast: 0, atMost: most)
        imageCount = least...most
        if body.has("modalities") { try limit(to: body.strings("modalities"), body) }
        if !service.drawsImages {
            guard imageCount.lowerBound == 0 else {
                throw body.failure("modalities", "this model draws no images")
            }
            imageCount = 0...0
        }
        try check()
    }

    /// Keeps to what an answer may consist of: `["text"]`, `["image"]` or both.
    private mutating func limit(to modalities: [String], _ body: JSONReader) throws {
        switch Set(modalities) {
        case ["text"]: imageCount = 0...0
        case ["image"]:
            maximumTextTokens = 0
            imageCount = max(1, imageCount.lowerBound)...max(1, imageCount.upperBound)
        case ["text", "image"]: break
        default:
            throw body.failure("modalities", "\"text\" and \"image\" are known")
        }
    }
}
