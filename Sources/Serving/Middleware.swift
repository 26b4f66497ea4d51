internal import Basics
internal import Documents
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// Turns all errors into ``APIError``s.
struct ErrorMiddleware: RouterMiddleware {
    let onFailure: @Sendable (String) -> Void

    func handle(
        _ request: Request,
        context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let error = APIError(error)
            if let cause = error.cause { onFailure(cause) }
            var response = error.response(from: request, context: context)
            // What is left of a body is not read to its end.
            if request.hasBody, Self.leavesBody.contains(error.status) {
                response.headers[.connection] = "close"
                context.closeSoon()
            }
            return response
        }
    }

    /// The errors that come before the body is read.
    private static let leavesBody: Set<HTTPResponse.Status> = [
        .badRequest, .unauthorized, .forbidden, .notFound, .methodNotAllowed, .requestTimeout,
        .contentTooLarge,
        .unsupportedMediaType, .misdirectedRequest,
    ]
}

/// Says of a path that is asked for by another method than its own by which it can be.
struct MethodMiddleware: RouterMiddleware {
    private let methods: [String: HTTPRequest.Method]

    init(_ routes: [Route]) {
        methods = Dictionary(uniqueKeysWithValues: routes.map { ($0.path, $0.method) })
    }

    func handle(
        _ request: Request,
        context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        if let method = methods[request.uri.path], request.method != method,
            method != .get || request.method != .head
        {
            throw APIError(
                .methodNotAllowed,
                "\(request.uri.path) is asked for by \(method.rawValue)",
                headers: [.allow: method == .get ? "GET, HEAD" : method.rawValue]
            )
        }
        if request.method == .get || request.method == .head, request.hasBody {
            throw APIError(.badRequest, "\(request.method.rawValue) has no body here")
        }
        return try await next(request, context)
    }
}

/// Adds what keeps browsers from doing more than the page needs.
struct HeaderMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurityPolicy] =
            "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; frame-ancestors 'none'"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }
}

/// Refuses requests by a name that is not this machine's, which a web site could have made up to reach
/// a server that only listens here (DNS rebinding).
struct HostMiddleware: RouterMiddleware {
    /// `nil` if any name may do.
    private let names: Set<String>?

    init(_ settings: ServerSettings) {
        names = settings.isLoopback ? ServerSettings.loopbackNames : nil
    }

    func handle(
        _ request: Request,
        context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let host = request.head.authority.map(Self.name(of:)) ?? ""
        guard names?.contains(host) ?? true else {
            throw APIError(
                .misdirectedRequest,
                "the host \(host.quoted(60)) is not this machine; use 127.0.0.1 or localhost"
            )
        }
        return try await next(request, context)
    }

    /// The name without the port.
    private static func name(of authority: String) -> String {
        if authority.hasPrefix("[") {
            return String(authority.dropFirst().prefix { $0 != "]" })
        }
        return String(authority.prefix { $0 != ":" }).lowercased()
    }
}

/// Refuses requests without the key, except for `/health`.
///
/// Clients name it as a bearer token; browsers ask for it as a password.
struct KeyMiddleware: RouterMiddleware {
    private let key: String?

    init(_ settings: ServerSettings) { key = settings.apiKey }

    func handle(
        _ request: Request,
        context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        guard let key, request.uri.path != "/health" else {
            return try await next(request, context)
        }
        guard Self.key(in: request.headers[.authorization] ?? "").isSame(as: key) else {
            throw APIError(
                .unauthorized,
                "the key is missing or wrong; send it as Authorization: Bearer KEY",
                type: "authentication_error",
                code: "invalid_api_key",
                headers: [.wwwAuthenticate: "Basic realm=\"jam\""]
            )
        }
        return try await next(request, context)
    }

    private static func key(in authorization: String) -> String {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return "" }
        switch parts[0].lowercased() {
        case "bearer": return parts[1].trimmingCharacters(in: .whitespaces)
        case "basic":
            let decoded = Base64.decode(parts[1]).map { String(decoding: $0, as: UTF8.self) } ?? ""
            let fields = decoded.split(
                separator: ":",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            return fields.count == 2 ? String(fields[1]) : ""
        default: return ""
        }
    }
}

extension String {
    /// Compares in a time that does not tell where they differ.
    package func isSame(as other: String) -> Bool {
        let (left, right) = (Array(utf8), Array(other.utf8))
        var difference = UInt8(left.count == right.count ? 0 : 1)
        for index in right.indices {
            difference |= right[index] ^ (index < left.count ? left[index] : 0)
        }
        return difference == 0
    }
}
