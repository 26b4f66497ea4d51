internal import Basics
internal import Hummingbird
internal import Jam

/// `POST /v1/responses`: items in order, whole or as events.
struct ResponsesRoute: Sendable {
    private let service: AnswerService

    init(_ service: AnswerService) { self.service = service }

    func respond(to request: Request, _ connection: ConnectionWatch) async throws -> Response {
        var request = request
        let asked = try await ResponsesRequest(request.json(service.settings), service)
        let place = try service.enter()
        var writer = ResponsesAnswer(model: service.settings.modelName, echo: asked.echo)
        guard asked.streams else {
            var last: JSON?
            // The response is that of the last event of a stream.
            let events = try await connection.whileConnected {
                var events: [AnswerEvent] = []
                let stream = self.service.model.answer(asked.prompt, options: asked.options)
                for try await event in stream { events.append(event) }
                return events
            }
            for event in events {
                if case .finished(let answer) = event { place.count(answer) }
                last = writer.events(event).last?["response"] ?? last
            }
            return Response(json: last ?? .null)
        }
        return EventStream.response(
            over: connection,
            service.settings,
            isNamed: true
        ) { [service, writer] sender in
            var writer = writer
            for event in writer.begin() { sender.send(.object(event)) }
            for try await event in service.model.answer(asked.prompt, options: asked.options) {
                if case .finished(let answer) = event { place.count(answer) }
                for event in writer.events(event) { sender.send(.object(event)) }
            }
        }
    }
}
