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
        let (asked, place) = try await service.receive(request) { try ImageRequest($0, $1) }
        let answers = try await connection.whileConnected { [service] in
            try await service.model.answers(
                to: Array(repeating: asked.prompt, count: asked.count),
                options: asked.options
            )
        }
        answers.forEach(place.count)
        place.finish()
        return Response(json: Self.response(answers))
    }

    private static func response(_ answers: [Answer]) -> JSON {
        let images = answers.flatMap { answer in
            answer.document.segments.compactMap { segment -> JSON? in
                guard case .image(let image) = segment.content else { return nil }
                var object: JSON.Object = ["b64_json": .string(Base64.encode(image.png()))]
                object["revised_prompt"] = segment.altText.map(JSON.string)
                return .object(object)
            }
        }
        let read = answers.reduce(0) { $0 + $1.counts.prompt }
        let made = answers.reduce(0) { $0 + $1.counts.image }
        return [
            "created": .integer(Int(Date.now.timeIntervalSince1970)), "data": .array(images),
            "output_format": "png",
            "usage": [
                "input_tokens": .integer(read), "output_tokens": .integer(made),
                "total_tokens": .integer(read + made),
            ],
        ]
    }
}
