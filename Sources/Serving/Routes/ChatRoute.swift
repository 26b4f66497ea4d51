internal import Basics
internal import Hummingbird
internal import Jam

/// `POST /v1/chat/completions`: the next message of a conversation.
struct ChatRoute: Sendable {
    private let service: AnswerService

    init(_ service: AnswerService) { self.service = service }

    func respond(to request: Request, _ connection: ConnectionWatch) async throws -> Response {
        let bytes = try await request.jsonBytes(service.settings)
        let place = try service.enter()
        let chat = try await service.read(bytes) { try ChatRequest($0, $1) }
        place.ask()
        let response = ChatResponse(model: service.settings.modelName)
        guard chat.streams else {
            let answer = try await connection.whileConnected { [service] in
                try await service.model.answer(chat.prompt, options: chat.options).finished()
            }
            place.count(answer)
            place.finish()
            return Response(json: response.whole(answer))
        }
        return EventStream.response(over: connection, service.settings) { [service] sender in
            sender.send(.object(response.chunk(["role": "assistant", "content": ""])))
            var deltas = ChatResponse.Deltas(chat.partialImages)
            for try await event in service.model.answer(chat.prompt, options: chat.options) {
                if case .finished(let answer) = event {
                    place.count(answer)
                    place.finish()
                    sender.send(response.end(answer))
                    if chat.streamsUsage { sender.send(response.usageChunk(answer)) }
                } else if let delta = deltas.delta(event) {
                    sender.send(.object(response.chunk(delta)))
                }
            }
        }
    }
}
