internal import Basics
internal import Hummingbird
internal import Jam

/// `POST /v1/chat/completions`: the next message of a conversation.
struct ChatRoute: Sendable {
    private let service: AnswerService

    init(_ service: AnswerService) { self.service = service }

    func respond(to request: Request, _ connection: ConnectionWatch) async throws -> Response {
        var request = request
        let chat = try await ChatRequest(request.json(service.settings), service)
        let place = try service.enter()
        let response = ChatResponse(model: service.settings.modelName)
        guard chat.streams else {
            let answer = try await service.answer(chat.prompt, chat.options, connection)
            place.count(answer)
            return Response(json: response.whole(answer))
        }
        return EventStream.response(over: connection, service.settings) {
            sender in
            sender.send(.object(response.chunk(["role": "assistant", "content": ""])))
            var deltas = ChatResponse.Deltas()
            for try await event in service.model.answer(chat.prompt, options: chat.options) {
                if case .finished(let answer) = event {
                    place.count(answer)
                    sender.send(response.end(answer))
                    if chat.streamsUsage { sender.send(response.usageChunk(answer)) }
                } else if let delta = deltas.delta(event) {
                    sender.send(.object(response.chunk(delta)))
                }
            }
        }
    }
}

extension AnswerService {
    /// A whole answer, unless the client goes away.
    func answer(
        _ prompt: Document,
        _ options: AnswerOptions,
        _ connection: ConnectionWatch
    ) async throws -> Answer {
        try await connection.whileConnected {
            try await self.model.answer(prompt, options: options).finished()
        }
    }
}
