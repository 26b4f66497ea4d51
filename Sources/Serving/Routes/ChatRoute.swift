internal import Basics
internal import Hummingbird
internal import Jam

/// `POST /v1/chat/completions`: the next message of a conversation.
struct ChatRoute: Sendable {
    private let service: AnswerService

    init(_ service: AnswerService) { self.service = service }

    func respond(to request: Request, _ connection: ConnectionWatch) async throws -> Response {
        let (chat, place) = try await service.receive(request) { try ChatRequest($0, $1) }
        let response = ChatResponse(model: service.settings.modelName)
        guard chat.streams else {
            let kept = try await connection.whileConnected { [service] in
                try await service.answers(to: chat.prompt, chat.clipUse, chat.options, place)
            }
            place.finish()
            return Response(json: response.whole(kept))
        }
        let events = try await connection.whileConnected { [service] in
            try await service.begin(chat.prompt, chat.clipUse, chat.options)
        }
        return EventStream.response(over: connection, service.settings) { sender in
            sender.send(.object(response.chunk(["role": "assistant", "content": ""])))
            var deltas = ChatResponse.Deltas(chat.partialImages)
            for try await event in sender.withoutExcess(events) {
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
