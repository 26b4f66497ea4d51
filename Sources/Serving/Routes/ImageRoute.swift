internal import Basics
internal import Hummingbird
internal import Jam

/// `POST /v1/images/generations`, images by a description, and `POST /v1/images/edits`, images of others.
struct ImageRoute: Sendable {
    private let service: AnswerService

    init(_ service: AnswerService) { self.service = service }

    func generate(_ request: Request, _ connection: ConnectionWatch) async throws -> Response {
        let (asked, place) = try await service.receive(request) {
            try ImageRequest(generation: $0, $1)
        }
        return try await respond(to: asked, "image_generation", place, connection)
    }

    func edit(_ request: Request, _ connection: ConnectionWatch) async throws -> Response {
        let (asked, place) = try await service.receiveForm(request) {
            try ImageRequest(edit: $0, $1)
        }
        return try await respond(to: asked, "image_edit", place, connection)
    }

    private func respond(
        to asked: ImageRequest,
        _ name: String,
        _ place: AnswerService.Place,
        _ connection: ConnectionWatch
    ) async throws -> Response {
        let response = ImageResponse(name, asked.partialImages)
        guard asked.streams else {
            let kept = try await connection.whileConnected { [service] in
                try await service.answers(to: asked, place)
            }
            place.finish()
            return Response(json: response.whole(kept))
        }
        let events = try await connection.whileConnected { [service] in
            try await service.begin(asked)
        }
        return EventStream.response(over: connection, service.settings, .images) { sender in
            var response = response
            for try await event in sender.withoutExcess(events) {
                if case .finished(let answer) = event {
                    place.count(answer)
                    place.finish()
                }
                if let event = response.event(event) { sender.send(.object(event)) }
            }
        }
    }
}

extension AnswerService {
    /// All answers to a request, an image each.
    fileprivate func answers(
        to asked: ImageRequest,
        _ place: AnswerService.Place
    ) async throws -> KeptAnswers {
        switch asked.work {
        case .answer(let prompt, let clipUse):
            return try await answers(
                to: prompt,
                count: asked.count,
                clipUse,
                asked.options,
                place
            )
        case .inpainting(let inpainting):
            let answers = try await model.inpaintings(
                Array(repeating: inpainting, count: asked.count),
                options: asked.options
            )
            place.count(answers)
            return KeptAnswers(answers, of: answers)
        }
    }

    /// Begins the only answer to a request.
    fileprivate func begin(_ asked: ImageRequest) async throws -> AnswerStream {
        switch asked.work {
        case .answer(let prompt, let clipUse):
            try await begin(prompt, clipUse, asked.options)
        case .inpainting(let inpainting): try await model.begin(inpainting, options: asked.options)
        }
    }
}
