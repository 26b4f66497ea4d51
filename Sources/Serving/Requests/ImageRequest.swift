internal import Basics
internal import Documents
internal import Jam

/// A request for images by a description.
struct ImageRequest: Sendable {
    let prompt: Document
    let options: AnswerOptions
    /// How many images, each of an answer of its own.
    let count: Int

    /// Reads the body of `/v1/images/generations`.
    init(_ body: JSONReader, _ service: AnswerService) throws {
        try service.checkModel(of: body)
        guard service.drawsImages else { throw body.failure("model", "this model draws no images") }
        let role: Role? = service.holdsConversations ? .user : nil
        prompt = Document([.text(try body.string("prompt"), role: role)])
        count = try body.integer("n", default: 1, atLeast: 1, atMost: 10)
        var options = service.settings.answers
        try options.readSeed(body)
        try options.readImageSampling(body)
        try options.readImageSize(body)
        options.imageCount = 1...1
        options.maximumTextTokens = 0
        try options.check()
        self.options = options
        try body.refuse("response_format", unless: ["b64_json"], "\"b64_json\" is expected")
        try body.refuse("output_format", unless: ["png"], "\"png\" is expected")
        try body.refuse("stream", unless: [false], "streams are those of /v1/responses")
        body.ignore("user", "quality", "style", "background", "moderation")
        body.ignoreNulls()
        try body.finish()
    }
}
