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
        guard contentType.first == "application/json" else {
            throw APIError(.unsupportedMediaType, "Content-Type: application/json is expected")
        }
        return try await bytes(settings)
    }

    /// Collects the body, which must say that it is JSON or a form with files.
    ///
    /// - Returns: the body, and the boundary of a form's fields.
    /// - Throws: as ``jsonBytes(_:)``, and ``APIError`` for a form of another web site.
    func formBytes(_ settings: ServerSettings) async throws -> ([UInt8], boundary: String?) {
        let type = contentType
        guard type.first == "multipart/form-data" else {
            guard type.first == "application/json" else {
                throw APIError(
                    .unsupportedMediaType,
                    "Content-Type: multipart/form-data or application/json is expected"
                )
            }
            return (try await bytes(settings), nil)
        }
        guard let boundary = type.parameters["boundary"], (1...70).contains(boundary.utf8.count)
        else {
            throw APIError(
                .badRequest,
                "the Content-Type of a form names a boundary of 1 to 70 characters"
            )
        }
        try refuseOtherSites()
        return (try await bytes(settings), boundary)
    }

    /// Refuses a form that a page of another web site has sent: browsers send forms without asking, and
    /// name the site.
    private func refuseOtherSites() throws(APIError) {
        guard let origin = headers[.origin]?.lowercased() else { return }
        let own = head.authority?.lowercased() ?? ""
        guard ["http://" + own, "https://" + own].contains(origin) else {
            throw APIError(
                .forbidden,
                "a form of the web site \(origin.quoted(60)) is refused; only this server's page sends "
                    + "forms from a browser"
            )
        }
    }

    private var contentType: HeaderValue { HeaderValue(headers[.contentType] ?? "") }

    /// Collects the body.
    private func bytes(_ settings: ServerSettings) async throws -> [UInt8] {
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
