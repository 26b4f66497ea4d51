import Basics
import Foundation
import Jam
import Serving
import Testing

/// A server of the picture dictionary's model on a free port of this machine, and a client that sends
/// what bytes it likes.
struct TestServer {
    let port: Int

    /// The picture dictionary's models.
    static let models = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "models/dictionary")

    /// Runs `body` beside a server, which ends with it and answers `batch` requests at a time, by the
    /// picture dictionary's model, or that of a folder.
    static func run(
        folder: String? = nil,
        batch: Int = 4,
        clip: CLIPModel? = nil,
        bank: MemoryBank? = nil,
        changing change: (inout ServerSettings) -> Void = { _ in },
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let folder = folder ?? models.appending(path: "answers").path
        let model = try await Model(contentsOf: folder, maximumBatchSize: batch)
        var settings = ServerSettings(modelName: "dictionary")
        settings.port = 0
        settings.answers.maximumTextTokens = 30
        settings.clipName = "clip"
        change(&settings)
        let server = await AnswerServer(model, clip: clip, bank: bank, settings)
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let running = Task { try await server.run { continuation.yield($0) } }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        do {
            try await body(TestServer(port: port))
        } catch {
            running.cancel()
            throw error
        }
        running.cancel()
        _ = await running.result
    }

    /// What came back.
    struct Reply {
        let status: Int
        let head: String
        let body: String

        /// The body as an object.
        var object: JSON.Object {
            get throws { try #require(try JSON(parsing: body).objectValue) }
        }

        /// The member `key` of its error.
        func error(_ key: String) throws -> String? {
            try object["error"]?.objectValue?[key]?.stringValue
        }

        /// The objects of a stream's events.
        var events: [JSON.Object] {
            get throws {
                try body.components(separatedBy: "\n").filter { $0.hasPrefix("data: {") }
                    .map { try #require(try JSON(parsing: String($0.dropFirst(6))).objectValue) }
            }
        }
    }

    /// A request with a body of JSON, after which the connection stays open.
    static func request(_ path: String, _ body: String, headers: [String] = []) -> [UInt8] {
        let lines =
            ["POST \(path) HTTP/1.1", "Host: localhost"] + headers + [
                "Content-Type: application/json", "Content-Length: \(body.utf8.count)", "", body,
            ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// Asks for `path`; a body is sent as JSON.
    func ask(
        _ path: String,
        _ body: String? = nil,
        headers: [String] = [],
        method: String? = nil
    ) async throws -> Reply {
        var lines = ["\(method ?? (body == nil ? "GET" : "POST")) \(path) HTTP/1.1"]
        if !headers.contains(where: { $0.hasPrefix("Host:") }) { lines.append("Host: localhost") }
        lines += headers + ["Connection: close"]
        if let body {
            if !headers.contains(where: { $0.hasPrefix("Content-Type:") }) {
                lines.append("Content-Type: application/json")
            }
            lines.append("Content-Length: \(body.utf8.count)")
        }
        let text = lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
        return try await send(Array(text.utf8))
    }

    /// Sends bytes, and reads until the server closes the connection, or goes away after `limit` bytes.
    func send(_ bytes: [UInt8], leavingAfter limit: Int = .max) async throws -> Reply {
        Self.reply(try await onThread { try exchange(bytes, limit) })
    }

    /// Reads from a connection until the server closes it, not more than `size` bytes at a time, and
    /// with a pause after each.
    func reply(
        on socket: Int32,
        reading size: Int = 1 << 16,
        pausing seconds: Double = 0
    ) async throws -> Reply {
        let received = try await onThread {
            var received: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: size)
            while case let count = recv(socket, &buffer, size, 0), count > 0 {
                received += buffer[..<count]
                if seconds > 0 { Thread.sleep(forTimeInterval: seconds) }
            }
            return received
        }
        return Self.reply(received)
    }

    private static func reply(_ received: [UInt8]) -> Reply {
        let text = String(decoding: received, as: UTF8.self)
        let parts = text.components(separatedBy: "\r\n\r\n")
        let head = parts[0]
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var body = parts.dropFirst().joined(separator: "\r\n\r\n")
        if head.lowercased().contains("transfer-encoding: chunked") { body = unchunked(body) }
        return Reply(status: status, head: head, body: body)
    }

    private func onThread<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Swift.Result { try work() }) }
        }
    }

    /// Sends bytes over a connection that takes little and from which nothing is read.
    func connectWithoutReading(_ bytes: [UInt8]) throws -> Int32 {
        let socket = try connected(receiving: 2048)
        _ = Foundation.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        return socket
    }

    private func connected(receiving size: Int32? = nil) throws -> Int32 {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(4))
            // By the size of segments the server's machine chooses how much it buffers.
            var segment: Int32 = 536
            setsockopt(socket, Int32(IPPROTO_TCP), TCP_MAXSEG, &segment, socklen_t(4))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0, "connecting")
        return socket
    }

    private func exchange(_ bytes: [UInt8], _ limit: Int) throws -> [UInt8] {
        let socket = try connected()
        defer { close(socket) }
        var sent = 0
        while sent < bytes.count {
            let count = Foundation.send(
                socket,
                Array(bytes[sent...]),
                bytes.count - sent,
                Int32(MSG_NOSIGNAL)
            )
            // A server may answer and close before it has read all.
            guard count > 0 else { break }
            sent += count
        }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while received.count < limit {
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        return received
    }

    private static func unchunked(_ text: String) -> String {
        var rest = Array(text.utf8)[...]
        var result: [UInt8] = []
        while let end = rest.firstIndex(of: 10) {
            let size = String(decoding: rest[..<end], as: UTF8.self).trimmingCharacters(
                in: .whitespacesAndNewlines
            )
            guard let count = Int(size, radix: 16), count > 0 else { break }
            let start = end + 1
            result += rest[start..<min(start + count, rest.endIndex)]
            rest = rest[min(start + count + 2, rest.endIndex)...]
        }
        return String(decoding: result, as: UTF8.self)
    }
}
