internal import Basics
internal import Documents
internal import HTTPTypes
internal import Jam

/// A request for a response: items in, items out.
struct ResponsesRequest: Sendable {
    let prompt: Document
    let options: AnswerOptions
    let streams: Bool
    /// Which images are shown while they are drawn.
    let partialImages: PartialImages
    /// What the response repeats of it.
    let echo: JSON.Object

    /// Reads the body of `/v1/responses`.
    init(_ body: JSONReader, _ service: AnswerService) throws {
        try service.checkModel(body.string("model", default: service.settings.modelName))
        guard service.holdsConversations else { throw APIError.holdsNoConversations }
        var segments: [Segment] = []
        if body.has("instructions") {
            segments.append(.text(try body.string("instructions"), role: .system))
        }
        if case .string? = body.object["input"] {
            segments.append(.text(try body.string("input"), role: .user))
        } else {
            let budget = ImageBudget()
            for item in try body.objects("input") {
                segments += try Self.segments(of: item, service, budget)
            }
        }
        guard segments.contains(where: { $0.role != .system }) else {
            throw body.failure("input", "something that the user says is expected")
        }
        prompt = Document(segments)
        streams = try body.bool("stream", default: false)
        var options = try AnswerOptions(body, service)
        partialImages = PartialImages(atMost: try Self.readTools(body, &options))
        options.sendsPartialImages = streams && partialImages.limit > 0
        self.options = options
        try body.refuse(
            "previous_response_id",
            "nothing is stored here; send the earlier items in input"
        )
        try body.refuse("background", unless: [false], "requests are answered at once")
        try body.refuse(
            "text",
            unless: [["format": ["type": "text"]]],
            "answers are text and images"
        )
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
        body.ignoreNulls()
        try body.finish()
        var echo: JSON.Object = [:]
        echo["instructions"] = body.object["instructions"] ?? .null
        echo["metadata"] = body.object["metadata"] ?? .object([:])
        echo["max_output_tokens"] = .integer(options.maximumTextTokens)
        echo["temperature"] = .number(options.text.temperature)
        echo["top_p"] = .number(options.text.topP)
        echo["tools"] = body.object["tools"] ?? .array([])
        self.echo = echo
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
        _ service: AnswerService,
        _ budget: ImageBudget
    ) throws -> [Segment] {
        item.ignoreNulls()
        item.ignore("id", "status", "phase")
        switch try item.has("type") ? item.string("type") : "message" {
        case "message":
            let role = try Role(of: item)
            if case .string? = item.object["content"] {
                return [.text(try item.string("content"), role: role)]
            }
            return try item.objects("content").map { try segment($0, role, service, budget) }
        case "image_generation_call":
            guard service.drawsImages else {
                throw item.failure("type", "this model reads no images")
            }
            let altText = try item.has("revised_prompt") ? item.string("revised_prompt") : nil
            guard let bytes = Base64.decode(try item.string("result")) else {
                throw item.failure("result", "base64 is expected")
            }
            let image = try Image(bytes, item, "result", budget)
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
        _ service: AnswerService,
        _ budget: ImageBudget
    ) throws -> Segment {
        part.ignoreNulls()
        part.ignore("annotations", "logprobs", "detail")
        switch try part.string("type") {
        case "input_text", "output_text": return .text(try part.string("text"), role: role)
        case "input_image":
            guard service.drawsImages else {
                throw part.failure("type", "this model reads no images")
            }
            return .image(try Image(part, "image_url", budget), role: role)
        case let type:
            throw part.failure(
                "type",
                "\(type.quoted(40)) is not known; known are \"input_text\", \"input_image\", "
                    + "\"output_text\""
            )
        }
    }
}
