internal import Basics
internal import Documents
internal import Foundation
internal import Hummingbird
internal import Jam

/// `POST /v1/images/generations`: images by a description.
struct ImageRoute: Sendable {
    private let service: AnswerService

    init(_ service: AnswerService) { self.service = service }

    func respond(to request: Request, _ connection: ConnectionWatch) async throws -> Response {
        var request = request
        let body = try await request.json(service.settings)
        try service.checkModel(body.string("model", default: service.settings.modelName))
        let prompt = try body.string("prompt")
        let count = try body.integer("n", default: 1, atLeast: 1, atMost: 10)
        var options = try AnswerOptions(body, service)
        options.imageCount = 1...1
        options.maximumTextTokens = 0
        options.imageSize = try Self.size(body)
        if body.has("response_format") {
            guard try body.string("response_format") == "b64_json" else {
                throw body.failure(
                    "response_format",
                    "\"b64_json\" is expected; nothing is stored here"
                )
            }
        }
        if body.has("output_format") {
            guard try body.string("output_format") == "png" else {
                throw body.failure("output_format", "\"png\" is expected")
            }
        }
        body.ignore("user", "quality", "style", "background", "moderation")
        body.ignoreNulls()
        try body.finish()
        guard service.drawsImages else { throw body.failure("model", "this model draws no images") }

        let role: Role? = service.holdsConversations ? .user : nil
        let document = Document([.text(prompt, role: role)])
        let place = try service.enter()
        var images: [JSON] = []
        var usage = (prompt: 0, image: 0)
        for _ in 0..<count {
            let answer = try await service.answer(document, options, connection)
            place.count(answer)
            options.seed &+= 1
            usage = (answer.counts.prompt, usage.image + answer.counts.image)
            for segment in answer.document.segments {
                guard case .image(let image) = segment.content else { continue }
                var object: JSON.Object = ["b64_json": .string(Base64.encode(image.png()))]
                object["revised_prompt"] = segment.altText.map(JSON.string)
                images.append(.object(object))
            }
        }
        return Response(
            json: [
                "created": .integer(Int(Date.now.timeIntervalSince1970)), "data": .array(images),
                "output_format": "png",
                "usage": [
                    "input_tokens": .integer(usage.prompt), "output_tokens": .integer(usage.image),
                    "total_tokens": .integer(usage.prompt + usage.image),
                ],
            ]
        )
    }

    /// `WIDTHxHEIGHT`; `nil` for `auto` or none.
    private static func size(_ body: JSONReader) throws -> ImageSize? {
        guard body.has("size") else { return nil }
        let text = try body.string("size")
        if text == "auto" { return nil }
        let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 2, let width = sides[0], let height = sides[1], width > 0, height > 0
        else { throw body.failure("size", "WIDTHxHEIGHT or \"auto\" is expected") }
        return ImageSize(width: width, height: height)
    }
}
