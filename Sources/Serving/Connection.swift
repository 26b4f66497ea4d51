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

    fileprivate func close() {
        let onClose = state.withLock { state in
            state.isGone = true
            return state.onClose
        }
        onClose?()
    }
}

/// Sees the end of a connection, also while nothing is written to it.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPRequestPart

    let watch = ConnectionWatch()

    func channelInactive(context: ChannelHandlerContext) {
        watch.close()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that sends nothing more has closed its connection: whether it still reads can only
        // be seen by writing.
        if event as? ChannelEvent == .inputClosed {
            watch.close()
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
    var connection: ConnectionWatch {
        get async throws {
            try await channel.pipeline.handler(type: ConnectionHandler.self).map(\.watch).get()
        }
    }
}
