internal import Basics
internal import HTTPTypes
internal import Hummingbird
internal import Jam
internal import Synchronization

/// Server-sent events, each followed by a blank line.
enum EventStream {
    /// How clients know the events, the end and errors.
    enum Style {
        /// `data: {…}`, at the end `data: [DONE]`; an error is `{"error": {…}}`.
        case chunks
        /// `event: NAME` before each; an error is an event with its message.
        case responses
        /// `event: NAME` before each; an error is an event with `{"error": {…}}`.
        case images
    }

    /// Streams what `body` sends; while it sends nothing, comments say that the stream is alive.
    ///
    /// - Parameters:
    ///   - connection: if its client goes away, `body` is cancelled.
    ///   - settings: how often comments come, and who is told of failures.
    ///   - style: how clients know the events.
    ///   - body: sends the events; what it throws is an event of its own.
    /// - Returns: the response, which begins at once.
    static func response(
        over connection: ConnectionWatch,
        _ settings: ServerSettings,
        _ style: Style = .chunks,
        _ body: @escaping @Sendable (Sender) async throws -> Void
    ) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-cache, no-transform",
            ],
            body: ResponseBody { writer in
                let (events, continuation) = AsyncStream<String>.makeStream()
                let sender = Sender(
                    continuation: continuation,
                    style: style,
                    unreadLimit: settings.unreadLimit
                )
                let sending = Task {
                    do {
                        try await connection.whileConnected {
                            try await body(sender)
                        }
                    } catch  where !Task.isCancelled {
                        let error = APIError(error)
                        if let cause = error.cause { settings.onFailure(cause) }
                        sender.send(error: error)
                    } catch {}
                    if style == .chunks { sender.send(text: "data: [DONE]\n\n") }
                    continuation.finish()
                }
                let pinging = Task {
                    while !Task.isCancelled {
                        try await Task.sleep(for: .seconds(settings.pingSeconds))
                        sender.send(text: ": ping\n\n")
                    }
                }
                defer {
                    sending.cancel()
                    pinging.cancel()
                }
                for await event in events {
                    try await connection.closing(after: settings.writeSeconds) {
                        try await writer.write(ByteBuffer(string: event))
                    }
                    sender.unread.add(-event.utf8.count)
                }
                // The end, too, waits until what was written before it is read.
                try await connection.closing(after: settings.writeSeconds) {
                    try await writer.finish(nil)
                }
            }
        )
    }

    /// Sends events.
    struct Sender: Sendable {
        fileprivate let continuation: AsyncStream<String>.Continuation
        fileprivate let style: Style
        fileprivate let unreadLimit: Int
        /// The bytes of events that wait for the client.
        fileprivate let unread = ByteCount()

        /// What happens in an answer, without the partial images that come while too much waits for the
        /// client: a slow reader does not slow an answer down.
        func withoutExcess(_ events: AnswerStream) -> AsyncFilterSequence<AnswerStream> {
            events.filter { event in
                guard case .partialImage = event else { return true }
                return unread.value < unreadLimit
            }
        }

        /// Sends an event of JSON.
        func send(_ json: JSON) {
            var name = ""
            if style != .chunks, let type = json.objectValue?["type"]?.stringValue {
                name = "event: \(type)\n"
            }
            send(text: name + "data: \(json.text())\n\n")
        }

        fileprivate func send(text: String) {
            unread.add(text.utf8.count)
            continuation.yield(text)
        }

        fileprivate func send(error: APIError) {
            switch style {
            case .chunks: send(error.json)
            case .responses:
                send([
                    "type": "error", "message": .string(error.message),
                    "code": error.code.map(JSON.string) ?? .null,
                    "param": error.param.map(JSON.string) ?? .null,
                ])
            case .images:
                send(["type": "error", "error": error.json.objectValue?["error"] ?? .null])
            }
        }
    }
}

/// A number of bytes that two tasks change.
private final class ByteCount: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add(_ bytes: Int) { count.add(bytes, ordering: .relaxed) }
}
