internal import Basics
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension Request {
    /// Collects the body, which must be a JSON object.
    ///
    /// - Returns: a reader of its members.
    /// - Throws: ``APIError`` for another media type, and a body that is too large, too slow or no JSON.
    mutating func json(_ settings: ServerSettings) async throws -> JSONReader {
        // A form of another web site could send any other type without asking.
        guard headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
            throw APIError(
                .unsupportedMediaType,
                "Content-Type: application/json is expected"
            )
        }
        let buffer = try await collected(settings)
        do {
            let json = try JSON(
                parsing: Array(buffer.readableBytesView),
                limits: JSON.Limits(bytes: settings.bodyLimit, values: 1 << 20)
            )
            return try JSONReader(json, source: "request")
        } catch let error as JSONError {
            throw APIError(.badRequest, "the body is not JSON: \(error.line)")
        }
    }

    private mutating func collected(_ settings: ServerSettings) async throws -> ByteBuffer {
        let tooLarge = APIError(
            .contentTooLarge,
            "the body is too large; at most \(settings.bodyLimit) bytes are read",
            headers: [.connection: "close"]
        )
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > settings.bodyLimit {
            throw tooLarge
        }
        let body = body
        let limit = settings.bodyLimit
        let buffer = try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask {
                var collected = ByteBuffer()
                for try await part in body {
                    guard collected.readableBytes + part.readableBytes <= limit else {
                        throw tooLarge
                    }
                    collected.writeImmutableBuffer(part)
                }
                return collected
            }
            group.addTask {
                try await Task.sleep(for: .seconds(settings.bodySeconds))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let buffer else {
            throw APIError(
                .requestTimeout,
                "the body did not arrive within \(settings.bodySeconds) seconds",
                headers: [.connection: "close"]
            )
        }
        return buffer
    }
}
