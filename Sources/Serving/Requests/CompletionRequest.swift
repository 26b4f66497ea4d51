internal import Basics
internal import Documents
internal import Jam

/// A request for how a text goes on.
struct CompletionRequest: Sendable {
    /// A document without roles: the model continues it, and answers nobody.
    let prompt: Document
    let options: AnswerOptions
    let streams: Bool
    /// Whether a stream ends with the numbers of tokens.
    let streamsUsage: Bool

    /// Reads the body of `/v1/completions`.
    init(_ body: JSONReader, _ service: AnswerService) throws {
        try service.checkModel(of: body)
        prompt = Document([.text(try Self.prompt(body))])
        streams = try body.bool("stream", default: false)
        streamsUsage = try body.streamsUsage()
        var options = service.settings.answers
        try options.readSeed(body)
        try options.readTextSampling(body)
        options.imageCount = 0...0
        try options.check()
        self.options = options
        try Self.refuseOthers(body)
        body.ignoreNulls()
        try body.finish()
    }

    /// A text, or an array of one.
    private static func prompt(_ body: JSONReader) throws -> String {
        guard case .array? = body.object["prompt"] else { return try body.string("prompt") }
        let prompts = try body.array("prompt")
        guard prompts.count == 1, let text = prompts[0].stringValue else {
            throw body.failure(
                "prompt",
                "a text or an array of one text is expected; ask for several one by one"
            )
        }
        return text
    }

    private static func refuseOthers(_ body: JSONReader) throws {
        try body.refuseTokenSettings()
        try body.refuse("best_of", unless: [1], "one answer a request is made")
        try body.refuse("logprobs", "log probabilities are not supported")
        try body.refuse(
            "echo",
            unless: [false],
            "the answer has only what follows the prompt; put the prompt before it"
        )
        try body.refuse("suffix", unless: [""], "a text is continued at its end only")
        body.ignore("user")
    }
}
