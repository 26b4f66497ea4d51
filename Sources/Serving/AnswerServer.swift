internal import Basics
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
package import Jam
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import UnixSignals

/// A server that answers in words and images, in order, by the interfaces of OpenAI.
///
/// It answers several requests at a time, in the order in which they come; others wait, up to a limit.
package struct AnswerServer: Sendable {
    private let service: AnswerService
    private let settings: ServerSettings

    /// A server for an open model.
    ///
    /// - Parameters:
    ///   - model: answers.
    ///   - clip: chooses among candidates and embeds; `nil` for neither.
    ///   - bank: its documents precede prompts; `nil` for none.
    ///   - settings: how it is reached, and what it allows.
    package init(
        _ model: Model,
        clip: CLIPModel? = nil,
        bank: MemoryBank? = nil,
        _ settings: ServerSettings
    ) async {
        self.settings = settings
        service = await AnswerService(model, clip, bank, settings)
    }

    /// Serves until the process is told to stop by SIGINT or SIGTERM; then requests have some seconds
    /// to finish.
    ///
    /// - Parameter onListening: called once with the port.
    /// - Throws: ``ServerError/cannotListen(address:)``.
    package func run(onListening: @escaping @Sendable (_ port: Int) -> Void) async throws {
        // Nothing is said but by the tool itself.
        let logger = Logger(label: "jam.serve") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionHandler(settings)],
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: ConnectionHandler.headerLimit,
                        maxHeaderListSize: ConnectionHandler.headerLimit,
                        maxHeaderFieldCount: 200
                    )
                )
            ),
            configuration: .init(
                address: .hostname(settings.host, port: settings.port),
                serverName: nil
            ),
            onServerRunning: { channel in
                onListening(channel.localAddress?.port ?? settings.port)
            },
            logger: logger
        )
        var configuration = ServiceGroupConfiguration(
            services: [application],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(settings.stopSeconds)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
        } catch {
            throw ServerError.cannotListen(address: "\(settings.host):\(settings.port)")
        }
    }

    private var router: Router<ServerContext> {
        let routes = routes + PageRoute.all
        let router = Router(
            context: ServerContext.self,
            options: .autoGenerateHeadEndpoints
        )
        router.add(middleware: HeaderMiddleware())
        router.add(middleware: ErrorMiddleware(onFailure: settings.onFailure))
        router.add(middleware: HostMiddleware(settings))
        router.add(middleware: KeyMiddleware(settings))
        router.add(middleware: MethodMiddleware(routes))
        for route in routes {
            router.on(RouterPath(route.path), method: route.method, use: route.respond)
        }
        return router
    }

    private var routes: [Route] {
        [
            Route(.get, "/health") { _, _ in Response(json: ["status": "ok"]) },
            Route(.get, "/metrics") { [service] _, _ in
                Response(
                    service.metrics.text(unfinished: service.unfinishedCount),
                    type: "text/plain; version=0.0.4"
                )
            },
            Route(.get, "/v1/models") { [service] _, _ in
                Response(json: ["object": "list", "data": .array(service.descriptions)])
            },
            Route(.get, "/v1/models/:id") { [service] _, context in
                Response(json: try service.description(of: context.parameters.get("id") ?? ""))
            },
            Route(.post, "/v1/chat/completions") { [service] request, context in
                try await ChatRoute(service).respond(to: request, context.connection)
            },
            Route(.post, "/v1/completions") { [service] request, context in
                try await CompletionRoute(service).respond(to: request, context.connection)
            },
            Route(.post, "/v1/responses") { [service] request, context in
                try await ResponsesRoute(service).respond(to: request, context.connection)
            },
            Route(.post, "/v1/embeddings") { [service] request, context in
                try await EmbeddingRoute(service).respond(to: request, context.connection)
            },
            Route(.post, "/v1/images/generations") { [service] request, context in
                try await ImageRoute(service).generate(request, context.connection)
            },
            Route(.post, "/v1/images/edits") { [service] request, context in
                try await ImageRoute(service).edit(request, context.connection)
            },
        ]
    }
}

/// A path, and what answers there.
struct Route {
    let method: HTTPRequest.Method
    let path: String
    let respond: @Sendable (Request, ServerContext) async throws -> Response

    init(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ respond: @escaping @Sendable (Request, ServerContext) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.respond = respond
    }
}

/// Why a server cannot run.
package enum ServerError: UserError, Equatable {
    case cannotListen(address: String)
    case openWithoutKey(host: String)

    package var kind: ErrorKind {
        switch self {
        case .cannotListen: .inputOutput
        case .openWithoutKey: .invalidSetting
        }
    }

    package var description: String {
        switch self {
        case .cannotListen(let address):
            "\(address): cannot listen there; another program may do, or the address is not this machine's"
        case .openWithoutKey(let host):
            "\(host) lets other machines in; set an API key, or open the server to anybody"
        }
    }
}
