internal import Basics
internal import Hummingbird
internal import Jam

/// `POST /v1/responses`: items in order, whole or as events.
struct ResponsesRoute: Sendable {
    private let service: AnswerService

    init(_ service: AnswerService) { self.service = service }

    func respond(to request: Request, _ connection: ConnectionWatch) async throws -> Response {
        let (asked, place) = try await service.receive(request) { try ResponsesRequest($0, $1) }
        var writer = ResponsesAnswer(
            model: service.settings.modelName,
            echo: asked.echo,
            asked.partialImages
        )
        let stream = try await connection.whileConnected { [service] in
            try await service.begin(asked.prompt, asked.clipUse, asked.options)
        }
        guard asked.streams else {
            let events = try await connection.whileConnected {
                try await stream.reduce(into: [AnswerEvent]()) { $0.append($1) }
            }
            // The response is that of the last event of a stream.
            var last: JSON?
            for event in events {
                if case .finished(let answer) = event { place.count(answer) }
                last = writer.events(event).last?["response"] ?? last
            }
            place.finish()
            return Response(json: last ?? .null)
        }
        return EventStream.response(over: connection, service.settings, .responses) {
            [writer] sender in
            var writer = writer
            for event in writer.begin() { sender.send(.object(event)) }
            for try await event in sender.withoutExcess(stream) {
                if case .finished(let answer) = event {
                    place.count(answer)
                    place.finish()
                }
                for event in writer.events(event) { sender.send(.object(event)) }
            }
        }
    }
}
