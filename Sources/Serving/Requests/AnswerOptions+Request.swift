internal import Basics
internal import Jam

extension AnswerOptions {
    /// The server's settings with those of a request for words and images.
    init(_ body: JSONReader, _ service: AnswerService) throws {
        self = service.settings.answers
        try readSeed(body)
        try readImageSampling(body)
        // What a conversation outgrows is told, not refused.
        forgetsOldTurns = true
        try readTextSampling(body)
        try readImageCount(body, service)
        try check()
    }

    /// Reads the seed, a random one where there is none.
    mutating func readSeed(_ body: JSONReader) throws {
        seed =
            try body.has("seed")
            ? UInt64(bitPattern: Int64(body.integer("seed"))) : .random(in: 0...UInt64(UInt32.max))
    }

    /// Reads how text is sampled, and how much of it.
    mutating func readTextSampling(_ body: JSONReader) throws {
        text = Sampling(
            temperature: try body.number("temperature", default: text.temperature),
            topP: try body.number("top_p", default: text.topP)
        )
        for member in ["max_tokens", "max_completion_tokens", "max_output_tokens"]
        where body.has(member) {
            maximumTextTokens = try body.integer(member, atLeast: 0, atMost: 1_000_000)
        }
    }

    /// Reads how images are sampled.
    mutating func readImageSampling(_ body: JSONReader) throws {
        images = Sampling(
            temperature: try body.number("image_temperature", default: images.temperature),
            topP: try body.number("image_top_p", default: images.topP)
        )
        if body.has("guidance") { guidance = .classifierFree(try body.number("guidance")) }
    }

    /// Reads how many images there must and may be, and whether there are words.
    private mutating func readImageCount(_ body: JSONReader, _ service: AnswerService) throws {
        var fewest = imageCount.lowerBound
        var most = try body.integer(
            "max_images",
            default: imageCount.upperBound,
            atLeast: 0,
            atMost: Self.imageLimit
        )
        if body.has("modalities") {
            switch Set(try body.strings("modalities")) {
            case ["text"]:
                most = 0
            case ["image"]:
                maximumTextTokens = 0
                fewest = max(1, fewest)
            case ["text", "image"]: break
            default: throw body.failure("modalities", "\"text\" and \"image\" are known")
            }
        }
        if !service.drawsImages { most = 0 }
        fewest = try body.integer("min_images", default: min(fewest, most), atLeast: 0)
        guard fewest <= most else {
            throw body.failure("min_images", "\(fewest) images are more than the \(most) allowed")
        }
        guard most > 0 || maximumTextTokens > 0 || !body.has("modalities") else {
            throw body.failure("modalities", "neither words nor images are allowed")
        }
        imageCount = fewest...most
    }

    /// Sets the size of images: `WIDTHxHEIGHT`; what the model chooses for `auto` or none.
    mutating func readImageSize(_ reader: JSONReader) throws {
        guard reader.has("size") else { return }
        let text = try reader.string("size")
        if text == "auto" { return }
        guard let size = ImageSize(text) else {
            throw reader.failure("size", "WIDTHxHEIGHT or \"auto\" is expected")
        }
        imageSize = size
    }
}
