internal import Basics
internal import Documents
internal import Jam

/// A request for images: by a description, or of another image.
struct ImageRequest: Sendable {
    /// What there is to do.
    enum Work: Sendable {
        /// To answer with an image.
        case answer(Document, CLIPUse)
        /// To draw a part of an image again.
        case inpainting(Inpainting)
    }

    let work: Work
    let options: AnswerOptions
    /// How many images, each of an answer of its own.
    let count: Int
    let streams: Bool
    /// Which images a stream shows while they are drawn.
    let partialImages: PartialImages

    /// Reads the body of `/v1/images/generations`.
    init(generation body: JSONReader, _ service: AnswerService) throws {
        let role: Role? = service.holdsConversations ? .user : nil
        try self.init(body, service, sized: true) { clipUse in
            .answer(Document([.text(try body.string("prompt"), role: role)]), clipUse)
        }
        body.ignore("style")
        body.ignoreNulls()
        try body.finish()
    }

    /// Reads the body of `/v1/images/edits`.
    init(edit form: RequestForm, _ service: AnswerService) throws {
        let body = form.body
        let masks = try form.files("mask", orURLs: "mask")
        try self.init(body, service, sized: masks.isEmpty) { clipUse in
            let prompt = try body.string("prompt")
            let read = RequestImages(service)
            let images = try form.files("image", orURLs: "images")
                .map { try read.image($0, "image", of: body) }
            guard let first = images.first else {
                throw body.failure("image", "is missing; an image file to edit is expected")
            }
            guard let mask = masks.first else {
                guard service.holdsConversations else {
                    throw body.failure("mask", Self.needsMask(service))
                }
                let shown = images.map { Segment.image($0, role: .user) }
                return .answer(Document(shown + [.text(prompt, role: .user)]), clipUse)
            }
            guard service.inpaints else {
                throw body.failure("mask", "this model draws no parts of images again")
            }
            guard masks.count == 1, images.count == 1 else {
                throw body.failure("mask", "one mask of one image is expected")
            }
            let region = try read.region(mask, "mask", of: body, first)
            return .inpainting(Inpainting(first, region, caption: prompt))
        }
        body.ignore("input_fidelity")
        try form.finish(files: ["image", "mask"])
    }

    private static func needsMask(_ service: AnswerService) -> String {
        service.inpaints
            ? "is missing; this model holds no conversations, and draws only a part of an image again"
            : "this model has no chat template, so it edits no images"
    }

    /// Reads what both have in common; `sized` says whether the size can be chosen.
    private init(
        _ body: JSONReader,
        _ service: AnswerService,
        sized: Bool,
        work: (CLIPUse) throws -> Work
    ) throws {
        try service.checkModel(of: body)
        guard service.drawsImages else { throw body.failure("model", "this model draws no images") }
        streams = try body.bool("stream", default: false)
        count = try body.integer("n", default: 1, atLeast: 1, atMost: 10)
        guard count == 1 || !streams else {
            throw body.failure("n", "a stream draws one image; ask again with another seed")
        }
        let clipUse = try CLIPUse(
            body,
            service,
            answers: count,
            retrieves: sized,
            unless: !sized
                ? "a part of an image is drawn without candidates" : streams ? CLIPUse.streams : nil
        )
        self.work = try work(clipUse)
        partialImages = PartialImages(
            atMost: try body.integer("partial_images", default: 0, atLeast: 0, atMost: 1000)
        )
        var options = service.settings.answers
        try options.readSeed(body)
        try options.readImageSampling(body)
        if sized {
            try options.readImageSize(body)
        } else {
            try body.refuse("size", unless: ["auto"], "an image with a mask keeps the model's size")
            // Where a part is drawn again, there is no other image to be guided by.
            if case .editing(let text, _) = options.guidance {
                options.guidance = .classifierFree(text)
            }
        }
        options.imageCount = 1...1
        options.maximumTextTokens = 0
        options.sendsPartialImages = streams && partialImages.limit > 0
        try options.check()
        self.options = options
        try body.refuse("response_format", unless: ["b64_json"], "\"b64_json\" is expected")
        try body.refuse("output_format", unless: ["png"], "\"png\" is expected")
        body.ignore("user", "quality", "background", "moderation", "output_compression")
    }
}
