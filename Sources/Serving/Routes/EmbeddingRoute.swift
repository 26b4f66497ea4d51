internal import Basics
internal import Documents
internal import Hummingbird
internal import Jam

/// `POST /v1/embeddings`: texts and images as vectors of CLIP.
struct EmbeddingRoute: Sendable {
    private let service: AnswerService

    /// How many inputs are embedded before another request has its turn.
    private static let batchSize = 32

    init(_ service: AnswerService) { self.service = service }

    func respond(to request: Request, _ connection: ConnectionWatch) async throws -> Response {
        let (asked, place) = try await service.receive(request) { try EmbeddingRequest($0, $1) }
        guard let clip = service.clip else { preconditionFailure("the request was refused") }
        let embeddings = try await connection.whileConnected {
            var embeddings: [CLIPModel.Embedding] = []
            for start in stride(from: 0, to: asked.inputs.count, by: Self.batchSize) {
                try Task.checkCancellation()
                let inputs = asked.inputs[start...].prefix(Self.batchSize)
                embeddings += try await Self.embeddings(of: inputs, clip)
            }
            return embeddings
        }
        let tokens = embeddings.reduce(0) { $0 + $1.tokenCount }
        place.count(promptTokens: tokens)
        place.finish()
        return Response(json: [
            "object": "list", "model": .string(service.settings.clipName),
            "data": .array(
                embeddings.enumerated().map { index, embedding in
                    [
                        "object": "embedding", "index": .integer(index),
                        "embedding": Self.json(embedding.vector, isBase64: asked.isBase64),
                    ]
                }
            ),
            "usage": ["prompt_tokens": .integer(tokens), "total_tokens": .integer(tokens)],
        ])
    }

    /// Embeds the texts together, and the images, and puts them in order.
    private static func embeddings(
        of inputs: ArraySlice<EmbeddingRequest.Input>,
        _ clip: CLIPModel
    ) async throws -> [CLIPModel.Embedding] {
        var (texts, images): ([String], [Image]) = ([], [])
        for input in inputs {
            switch input {
            case .text(let text): texts.append(text)
            case .image(let image): images.append(image)
            }
        }
        var ofTexts = try await clip.embeddings(of: texts)[...]
        var ofImages = try await clip.embeddings(of: images)[...]
        return inputs.map { input in
            switch input {
            case .text: ofTexts.removeFirst()
            case .image: ofImages.removeFirst()
            }
        }
    }

    private static func json(_ vector: [Float], isBase64: Bool) -> JSON {
        guard isBase64 else { return .array(vector.map { .number(Double($0)) }) }
        let bytes = vector.flatMap { number in
            withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
        }
        return .string(Base64.encode(bytes))
    }
}
