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

/// Sees the end of a connection, also while nothing is written to it; closes it where no request comes,
/// or an answer is not read; and answers headers that are too large to be read.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private struct State {
        /// The requests that are not answered to the end.
        var unanswered = 0
        /// The answers that are written to the end, and not sent.
        var unsent = 0
        /// Closes the connection, unless what it waits for comes.
        var deadline: Scheduled<Void>?
        /// Whether the server stops, and whether it would have closed the connection.
        var (isStopping, closesOnceSent) = (false, false)
    }

    let watch = ConnectionWatch()
    private let settings: ServerSettings
    private let state = Mutex(State())

    /// The most bytes of a request's headers.
    static let headerLimit = 16 << 10

    init(_ settings: ServerSettings) { self.settings = settings }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) {
            state.withLock { $0.unanswered += 1 }
            setDeadline(context.channel)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else {
            return context.write(data, promise: promise)
        }
        state.withLock { state in
            state.unanswered -= 1
            state.unsent += 1
        }
        setDeadline(context.channel)
        let sent = promise ?? context.eventLoop.makePromise()
        sent.futureResult.whenComplete { [self, channel = context.channel] _ in
            let closes = state.withLock { state in
                state.unsent -= 1
                return state.closesOnceSent && state.unsent == 0
            }
            if closes { channel.close(promise: nil) } else { setDeadline(channel) }
        }
        context.write(data, promise: sent)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // A server that stops closes when the last answer is written; asked a second time, it closes at once.
        let isEarly = state.withLock { state in
            guard state.isStopping, state.unsent > 0, !state.closesOnceSent, mode == .all else {
                return false
            }
            state.closesOnceSent = true
            return true
        }
        if isEarly { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
    }

    /// Begins to wait until an answer is read, or until the headers of a request are there.
    ///
    /// Bodies and streams have deadlines of their own.
    private func setDeadline(_ channel: any Channel) {
        state.withLock { state in
            state.deadline?.cancel()
            state.deadline = nil
            let seconds =
                state.unsent > 0
                ? settings.writeSeconds : state.unanswered == 0 ? settings.headerSeconds : nil
            guard let seconds, channel.isActive else { return }
            state.deadline = channel.eventLoop.scheduleTask(
                in: .milliseconds(Int64(seconds * 1000))
            ) { [self] in
                self.state.withLock { $0.closesOnceSent = true }
                channel.close(promise: nil)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Behind an answer that is being written, nothing can be said.
        guard case HTTPParserError.headerOverflow = error,
            state.withLock({ $0.unanswered == 0 })
        else {
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
        setDeadline(context.channel)
    }

    func channelActive(context: ChannelHandlerContext) {
        setDeadline(context.channel)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        watch.end()
        setDeadline(context.channel)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that sends nothing more has closed its connection: whether it still reads can only
        // be seen by writing.
        if event as? ChannelEvent == .inputClosed {
            watch.end()
            context.close(promise: nil)
        } else if event is ChannelShouldQuiesceEvent {
            state.withLock { $0.isStopping = true }
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
