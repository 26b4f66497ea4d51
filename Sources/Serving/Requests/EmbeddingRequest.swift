internal import Basics
internal import Documents
internal import HTTPTypes
internal import Jam

/// A request for embeddings of texts and images.
struct EmbeddingRequest: Sendable {
    /// What is to be embedded.
    enum Input: Sendable {
        case text(String)
        case image(Image)
    }

    let inputs: [Input]
    /// Whether vectors are written as base64 of 32-bit floats, the lowest byte first.
    let isBase64: Bool

    private static let maximumCount = 256

    /// Reads the body of `/v1/embeddings`.
    init(_ body: JSONReader, _ service: AnswerService) throws {
        guard service.clip != nil else {
            throw APIError(
                .notFound,
                "this server has no CLIP model, so it embeds nothing",
                param: "model",
                code: "model_not_found"
            )
        }
        let name = service.settings.clipName
        guard try body.string("model", default: name) == name else {
            throw APIError(
                .notFound,
                "\(try body.string("model").quoted(60)) embeds nothing here; \"\(name)\" does",
                param: "model",
                code: "model_not_found"
            )
        }
        inputs = try Self.inputs(body)
        switch try body.string("encoding_format", default: "float") {
        case "float": isBase64 = false
        case "base64": isBase64 = true
        default: throw body.failure("encoding_format", "\"float\" or \"base64\" is expected")
        }
        let width = service.embeddingWidth
        try body.refuse(
            "dimensions",
            unless: [.integer(width)],
            "an embedding has \(width) dimensions"
        )
        body.ignore("user")
        body.ignoreNulls()
        try body.finish()
    }

    /// A text, or an array of texts and of objects as the parts of a message.
    private static func inputs(_ body: JSONReader) throws -> [Input] {
        guard case .array? = body.object["input"] else {
            return [.text(try body.string("input"))]
        }
        let elements = try body.array("input")
        guard (1...maximumCount).contains(elements.count) else {
            throw body.failure(
                "input",
                "has \(elements.count) elements; 1 to \(maximumCount) are expected"
            )
        }
        let images = RequestImages(areRead: true)
        return try elements.enumerated().map { index, element in
            if let text = element.stringValue { return .text(text) }
            guard element.objectValue != nil else {
                throw body.failure(
                    "input[\(index)]",
                    "a text or an image is expected, found \(element.kind)"
                )
            }
            // A reader of its own, whose errors name the place.
            let place = "input[\(index)]"
            let part = try JSONReader(.object([place: element]), source: "request").nested(place)
            guard try part.string("type") == "image_url" else {
                throw part.failure("type", "\"image_url\" is expected, or a text as a string")
            }
            let source = try part.nested("image_url")
            source.ignore("detail")
            let image = try images.image("url", of: source)
            try part.finish()
            return .image(image)
        }
    }
}
