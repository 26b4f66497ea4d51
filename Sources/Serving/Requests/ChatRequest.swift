internal import Basics
internal import Documents
internal import HTTPTypes
internal import Jam

/// A request for the next message of a conversation.
struct ChatRequest: Sendable {
    /// The conversation.
    let prompt: Document
    let options: AnswerOptions
    let clipUse: CLIPUse
    /// Whether the answer comes as it is made.
    let streams: Bool
    /// Which images a stream shows while they are drawn.
    let partialImages: PartialImages
    /// Whether a stream ends with the numbers of tokens.
    let streamsUsage: Bool

    /// Reads the body of `/v1/chat/completions`.
    ///
    /// Members that are of no consequence are passed over; others that are not known, or ask for what
    /// the model cannot do, are errors.
    init(_ body: JSONReader, _ service: AnswerService) throws {
        try service.checkConverses(body)
        prompt = try Self.conversation(body.objects("messages"), service)
        var options = try AnswerOptions(body, service)
        streams = try body.bool("stream", default: false)
        partialImages = PartialImages(
            atMost: try body.integer("partial_images", default: 0, atLeast: 0, atMost: 1000)
        )
        options.sendsPartialImages = streams && partialImages.limit > 0
        self.options = options
        clipUse = try CLIPUse(
            body,
            service,
            unless: streams
                ? CLIPUse.streams : options.imageCount.upperBound == 0 ? CLIPUse.drawsNothing : nil
        )
        streamsUsage = try body.streamsUsage()
        try Self.refuseOthers(body)
        body.ignoreNulls()
        try body.finish()
    }

    /// Passes over what is of no consequence, and refuses what the model cannot do.
    private static func refuseOthers(_ body: JSONReader) throws {
        body.ignore(
            "user",
            "metadata",
            "store",
            "service_tier",
            "safety_identifier",
            "prompt_cache_key",
            "parallel_tool_calls",
            "reasoning_effort",
            "verbosity"
        )
        try body.refuseTokenSettings()
        try body.refuse("logprobs", unless: [false], "log probabilities are not supported")
        try body.refuse("tools", unless: [.array([])], "this model calls no tools")
        try body.refuse("tool_choice", unless: ["none", "auto"], "this model calls no tools")
        try body.refuse(
            "response_format",
            unless: [["type": "text"]],
            "answers are text and images"
        )
    }

    // MARK: - Messages

    private static func conversation(
        _ messages: [JSONReader],
        _ service: AnswerService
    ) throws -> Document {
        var segments: [Segment] = []
        let images = RequestImages(service)
        for message in messages {
            message.ignoreNulls()
            let role = try Role(of: message)
            message.ignore("name", "refusal", "annotations", "audio")
            for calls in ["tool_calls", "function_call"] {
                try message.refuse(calls, unless: [.array([])], "this model calls no tools")
            }
            let parts = try self.parts(of: message)
            segments += try parts.map { try segment($0, role, images) }
        }
        guard segments.contains(where: { $0.role != .system }) else {
            throw APIError(
                .badRequest,
                "messages: a message of the user is expected",
                param: "messages"
            )
        }
        return Document(segments)
    }

    /// A text, or an object to read.
    private enum Part {
        case text(String)
        case object(JSONReader)
    }

    /// The parts of a message: those that this server sent in order, else its content and, behind it,
    /// its images.
    private static func parts(of message: JSONReader) throws -> [Part] {
        if message.has("parts") {
            message.ignore("content", "images")
            return try message.objects("parts").map(Part.object)
        }
        var parts: [Part] = []
        switch message.object["content"] {
        case .string?: parts = [.text(try message.string("content"))]
        case .array?: parts = try message.objects("content").map(Part.object)
        case nil where message.has("images"), .null? where message.has("images"): break
        default: throw message.failure("content", "a string or an array of parts is expected")
        }
        message.ignore("content")
        return parts + (try message.objects("images", default: []).map(Part.object))
    }

    private static func segment(
        _ part: Part,
        _ role: Role,
        _ images: RequestImages
    ) throws -> Segment {
        switch part {
        case .text(let text): return .text(text, role: role)
        case .object(let reader):
            reader.ignoreNulls()
            reader.ignore("index", "cache_control")
            switch try reader.string("type") {
            case "text": return .text(try reader.string("text"), role: role)
            case "image_url":
                let altText = reader.has("alt_text") ? try reader.string("alt_text") : nil
                let source = try reader.nested("image_url")
                source.ignore("detail")
                return .image(try images.image("url", of: source), altText: altText, role: role)
            case let type:
                throw reader.failure(
                    "type",
                    "\(type.quoted(40)) is not known; known are \"text\", \"image_url\""
                )
            }
        }
    }
}
