internal import Basics
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import Synchronization

/// Tells the request that a connection carries when its client goes away.
final class ConnectionWatch: Sendable {
    private struct State {
        var isGone = false
        var onClose: (@Sendable () -> Void)?
        /// Closes the connection.
        var close: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Runs `operation` in a task that is cancelled if the client goes away, or the caller's task is
    /// cancelled.
    func whileConnected<Result: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await operation() }
        let isGone = state.withLock { state in
            state.onClose = { task.cancel() }
            return state.isGone
        }
        if isGone { task.cancel() }
        defer { state.withLock { $0.onClose = nil } }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Runs `write`, and closes the connection if that takes longer than `seconds`: a client that does
    /// not read must not hold what it asked for.
    func closing<Result>(
        after seconds: Double,
        _ write: () async throws -> Result
    ) async throws -> Result {
        let watchdog = Task { [self] in
            try await Task.sleep(for: .seconds(seconds))
            state.withLock { $0.close }?()
        }
        defer { watchdog.cancel() }
        return try await write()
    }

    fileprivate func open(_ close: @escaping @Sendable () -> Void) {
        state.withLock { $0.close = close }
    }

    fileprivate func end() {
        let onClose = state.withLock { state in
            state.isGone = true
            state.close = nil
            return state.onClose
        }
        onClose?()
    }
}

/// Sees the end of a connection, also while nothing is written to it, and answers headers that are too
/// large to be read.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    let watch = ConnectionWatch()
    /// The requests that are not answered to the end.
    private let unanswered = Mutex(0)

    /// The most bytes of a request's headers.
    static let headerLimit = 16 << 10

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { unanswered.withLock { $0 += 1 } }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { unanswered.withLock { $0 -= 1 } }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Behind an answer that is being written, nothing can be said.
        guard case HTTPParserError.headerOverflow = error, unanswered.withLock({ $0 == 0 }) else {
            return context.fireErrorCaught(error)
        }
        let error = APIError(
            .requestHeaderFieldsTooLarge,
            "the headers are too large; at most \(Self.headerLimit) bytes are read"
        )
        let body = ByteBuffer(string: error.json.text())
        let head = HTTPResponse(
            status: error.status,
            headerFields: [
                .contentType: "application/json", .contentLength: "\(body.readableBytes)",
                .connection: "close",
            ]
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        // Closed at once, with bytes unread, the connection might be reset before the client reads.
        context.eventLoop.scheduleTask(in: .seconds(1)) { [channel = context.channel] in
            channel.close(promise: nil)
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        watch.open { [channel = context.channel] in channel.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        watch.end()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that sends nothing more has closed its connection: whether it still reads can only
        // be seen by writing.
        if event as? ChannelEvent == .inputClosed {
            watch.end()
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }
}

/// The context of a request, with its connection.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The connection that the request came by.
    ///
    /// - Throws: ``ClientIsGone`` if it is closed.
    var connection: ConnectionWatch {
        get async throws {
            do {
                return try await channel.pipeline.handler(type: ConnectionHandler.self)
                    .map(\.watch).get()
            } catch {
                throw ClientIsGone()
            }
        }
    }

    /// Closes the connection, in time for the client to read what was answered.
    func closeSoon() {
        channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel] in channel.close(promise: nil) }
    }
}

/// Nobody is there to read an answer.
struct ClientIsGone: Error {}
