internal import Basics
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension Request {
    /// Whether it has a body.
    var hasBody: Bool {
        headers[.contentLength].map { $0 != "0" } ?? (headers[.transferEncoding] != nil)
    }

    /// Collects the body, which must say that it is JSON.
    ///
    /// - Throws: ``APIError`` for another media type, and a body that is too large, too slow or
    ///   malformed.
    func jsonBytes(_ settings: ServerSettings) async throws -> [UInt8] {
        // A form of another web site could send any other type without asking.
        let type = headers[.contentType]?.lowercased().prefix { $0 != ";" } ?? ""
        guard type == "application/json" else {
            throw APIError(.unsupportedMediaType, "Content-Type: application/json is expected")
        }
        let tooLarge = APIError(
            .contentTooLarge,
            "the body is too large; at most \(settings.bodyLimit) bytes are read"
        )
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > settings.bodyLimit {
            throw tooLarge
        }
        let bytes = try await withThrowingTaskGroup(of: [UInt8]?.self) { [body] group in
            group.addTask {
                var bytes: [UInt8] = []
                for try await part in body {
                    guard bytes.count + part.readableBytes <= settings.bodyLimit else {
                        throw tooLarge
                    }
                    bytes += part.readableBytesView
                }
                return bytes
            }
            group.addTask {
                try await Task.sleep(for: .seconds(settings.bodySeconds))
                return nil
            }
            defer { group.cancelAll() }
            do {
                return try await group.next() ?? nil
            } catch let error as APIError {
                throw error
            } catch {
                throw APIError(.badRequest, "the body is malformed, or cut off")
            }
        }
        guard let bytes else {
            throw APIError(
                .requestTimeout,
                "the body did not arrive within \(settings.bodySeconds) seconds"
            )
        }
        return bytes
    }
}

extension JSONReader {
    /// A reader of the members of a request's body, which must be a JSON object.
    convenience init(requestBody body: [UInt8], _ settings: ServerSettings) throws {
        do {
            let limits = JSON.Limits(bytes: settings.bodyLimit, values: 1 << 20)
            try self.init(JSON(parsing: body, limits: limits), source: "request")
        } catch let error as JSONError {
            throw APIError(.badRequest, "the body is not JSON: \(error.line)")
        } catch let error as JSONFieldError {
            throw APIError(.badRequest, "the body: \(error.problem)")
        }
    }
}
