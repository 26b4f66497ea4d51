internal import Basics
internal import Documents
internal import HTTPTypes
internal import Jam

/// A request for a response: items in, items out.
struct ResponsesRequest: Sendable {
    let prompt: Document
    let options: AnswerOptions
    let clipUse: CLIPUse
    let streams: Bool
    /// Which images are shown while they are drawn.
    let partialImages: PartialImages
    /// What the response repeats of it.
    let echo: JSON.Object

    /// Reads the body of `/v1/responses`.
    init(_ body: JSONReader, _ service: AnswerService) throws {
        try service.checkConverses(body)
        prompt = try Self.conversation(body, service)
        streams = try body.bool("stream", default: false)
        var options = try AnswerOptions(body, service)
        partialImages = PartialImages(atMost: try Self.readTools(body, &options))
        options.sendsPartialImages = streams && partialImages.limit > 0
        self.options = options
        clipUse = try CLIPUse(
            body,
            service,
            unless: "a response has one candidate; /v1/chat/completions can have more"
        )
        echo = try Self.echo(of: body, options)
        try Self.refuseOthers(body)
        body.ignoreNulls()
        try body.finish()
    }

    /// What the model is told, and what the user says.
    private static func conversation(
        _ body: JSONReader,
        _ service: AnswerService
    ) throws -> Document {
        var segments: [Segment] = []
        if body.has("instructions") {
            segments.append(.text(try body.string("instructions"), role: .system))
        }
        if case .string? = body.object["input"] {
            segments.append(.text(try body.string("input"), role: .user))
        } else {
            let images = RequestImages(service)
            for item in try body.objects("input") {
                segments += try self.segments(of: item, images)
            }
        }
        guard segments.contains(where: { $0.role != .system }) else {
            throw body.failure("input", "something that the user says is expected")
        }
        return Document(segments)
    }

    /// The most bytes of JSON of a member that responses repeat, which a stream does three times.
    private static let echoLimit = 16 << 10

    private static func echo(
        of body: JSONReader,
        _ options: AnswerOptions
    ) throws -> JSON.Object {
        for member in ["metadata", "tools"] {
            let size = body.object[member]?.text().utf8.count ?? 0
            guard size <= echoLimit else {
                throw body.failure(
                    member,
                    "has \(size) bytes as JSON; responses repeat at most \(echoLimit)"
                )
            }
        }
        return [
            "instructions": body.object["instructions"] ?? .null,
            "metadata": body.object["metadata"] ?? .object([:]),
            "max_output_tokens": .integer(options.maximumTextTokens),
            "temperature": .number(options.text.temperature),
            "top_p": .number(options.text.topP),
            "tools": body.object["tools"] ?? .array([]),
        ]
    }

    /// Passes over what is of no consequence, and refuses what is not done here.
    private static func refuseOthers(_ body: JSONReader) throws {
        try body.refuse(
            "previous_response_id",
            "nothing is stored here; send the earlier items in input"
        )
        try body.refuse("background", unless: [false], "requests are answered at once")
        if body.has("text") {
            let text = try body.nested("text")
            text.ignore("verbosity")
            text.ignoreNulls()
            try text.refuse("format", unless: [["type": "text"]], "answers are text and images")
        }
        body.ignore(
            "store",
            "metadata",
            "include",
            "user",
            "truncation",
            "reasoning",
            "service_tier",
            "parallel_tool_calls",
            "prompt_cache_key",
            "safety_identifier",
            "stream_options"
        )
    }

    /// Reads what a tool that draws is told: the model draws by itself, and calls no other.
    ///
    /// - Returns: the most partial images of an image.
    private static func readTools(_ body: JSONReader, _ options: inout AnswerOptions) throws -> Int
    {
        var partialImages = 0
        for tool in try body.objects("tools", default: []) {
            guard try tool.string("type") == "image_generation" else {
                throw tool.failure("type", "the model calls no tools; it draws by itself")
            }
            tool.ignore(
                "model",
                "quality",
                "output_format",
                "background",
                "moderation",
                "output_compression",
                "input_fidelity",
                "action"
            )
            try options.readImageSize(tool)
            partialImages = try tool.integer("partial_images", default: 0, atLeast: 0, atMost: 3)
        }
        let draws: JSON = ["type": "image_generation"]
        try body.refuse(
            "tool_choice",
            unless: ["auto", "none", "required", draws],
            "the model calls no tools; it draws by itself"
        )
        if body.object["tool_choice"] == draws, options.imageCount.upperBound > 0 {
            options.imageCount =
                max(1, options.imageCount.lowerBound)...options.imageCount.upperBound
        }
        return partialImages
    }

    private static func segments(
        of item: JSONReader,
        _ images: RequestImages
    ) throws -> [Segment] {
        item.ignoreNulls()
        item.ignore("id", "status", "phase")
        switch try item.has("type") ? item.string("type") : "message" {
        case "message":
            let role = try Role(of: item)
            if case .string? = item.object["content"] {
                return [.text(try item.string("content"), role: role)]
            }
            return try item.objects("content").map { try segment($0, role, images) }
        case "image_generation_call":
            let altText = try item.has("revised_prompt") ? item.string("revised_prompt") : nil
            guard let bytes = Base64.decode(try item.string("result")) else {
                throw item.failure("result", "base64 is expected")
            }
            let image = try images.image(bytes, "result", of: item)
            return [.image(image, altText: altText, role: .assistant)]
        case let type:
            throw item.failure(
                "type",
                "\(type.quoted(40)) is not known; known are \"message\", "
                    + "\"image_generation_call\""
            )
        }
    }

    private static func segment(
        _ part: JSONReader,
        _ role: Role,
        _ images: RequestImages
    ) throws -> Segment {
        part.ignoreNulls()
        part.ignore("annotations", "logprobs", "detail")
        switch try part.string("type") {
        case "input_text", "output_text": return .text(try part.string("text"), role: role)
        case "input_image":
            return .image(try images.image("image_url", of: part), role: role)
        case let type:
            throw part.failure(
                "type",
                "\(type.quoted(40)) is not known; known are \"input_text\", \"input_image\", "
                    + "\"output_text\""
            )
        }
    }
}
