internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
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

/// Sees the end of a connection, also while nothing is written to it.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPRequestPart

    let watch = ConnectionWatch()

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
