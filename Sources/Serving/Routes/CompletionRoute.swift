internal import Basics
internal import Hummingbird
internal import Jam

/// `POST /v1/completions`: how a text goes on.
struct CompletionRoute: Sendable {
    private let service: AnswerService

    init(_ service: AnswerService) { self.service = service }

    func respond(to request: Request, _ connection: ConnectionWatch) async throws -> Response {
        let (asked, place) = try await service.receive(request) { try CompletionRequest($0, $1) }
        let response = CompletionResponse(model: service.settings.modelName)
        let events = try await connection.whileConnected { [service] in
            try await service.model.begin(asked.prompt, options: asked.options)
        }
        guard asked.streams else {
            let answer = try await connection.whileConnected { try await events.finished() }
            place.count(answer)
            place.finish()
            return Response(json: response.whole(answer))
        }
        return EventStream.response(over: connection, service.settings) { sender in
            for try await event in events {
                switch event {
                case .text(let text): sender.send(.object(response.chunk(text)))
                case .finished(let answer):
                    place.count(answer)
                    place.finish()
                    sender.send(response.end(answer))
                    if asked.streamsUsage { sender.send(response.usageChunk(answer)) }
                case .altText, .imageProgress, .partialImage, .image: break
                }
            }
        }
    }
}
