import Basics
import Documents
import Foundation
import Jam
import JamTesting
import Serving
import Testing

/// What strangers and bad networks do to a server.
///
/// Limits that a test does not set are those that a server has. What takes longer is in
/// `Fixtures/check_faults.py`.
@Suite(.serialized) struct MisuseTests {
    private static let chat = "/v1/chat/completions"

    private static func question(_ members: String = "") -> String {
        #"{"messages": [{"role": "user", "content": "What is a cat?"}], "max_images": 0, "max_tokens": 4\#(members)}"#
    }

    private func seconds(_ start: ContinuousClock.Instant) -> Double {
        start.duration(to: .now) / .seconds(1)
    }

    // MARK: - Slow clients

    /// Prevents connections that are held by a byte now and then, and an answer that is cut off because it
    /// takes longer than headers may.
    @Test("Headers have a deadline, on new connections and on used ones") func slowHeaders()
        async throws
    {
        let clip = try await CLIPModel(contentsOf: TestServer.models.appending(path: "clip").path)
        try await TestServer.run(clip: clip, changing: { $0.headerSeconds = 0.5 }) { server in
            for used in ["", "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"] {
                let start = ContinuousClock.now
                let socket = try server.connectWithoutReading(Array((used + "GET /he").utf8))
                defer { close(socket) }
                async let reply = server.reply(on: socket)
                for _ in 0..<4 {
                    try await Task.sleep(for: .milliseconds(100))
                    _ = send(socket, "a", 1, Int32(MSG_NOSIGNAL))
                }
                #expect(try await reply.status == (used.isEmpty ? 0 : 200))
                #expect((0.45...5).contains(seconds(start)))
            }
            // A whole answer of megabytes, read slowly.
            let inputs = Array(repeating: "\"a\"", count: 256).joined(separator: ", ")
            let request = TestServer.request("/v1/embeddings", "{\"input\": [\(inputs)]}")
            let socket = try server.connectWithoutReading(request)
            defer { close(socket) }
            let start = ContinuousClock.now
            let reply = try await server.reply(on: socket, reading: 1 << 15, pausing: 0.004)
            #expect(seconds(start) > 1)
            #expect(try reply.object["data"]?.arrayValue?.count == 256)
        }
    }

    /// Prevents an upload that stalls from being cut off without a word.
    @Test("A body that stops is answered", arguments: [true, false])
    func stalledBody(trickles: Bool) async throws {
        try await TestServer.run(
            changing: { ($0.headerSeconds, $0.bodySeconds) = (0.2, 1) }
        ) { server in
            let body = TestServer.request(Self.chat, Self.question()).dropLast(30)
            let socket = try server.connectWithoutReading(Array(body))
            defer { close(socket) }
            let start = ContinuousClock.now
            async let reply = server.reply(on: socket)
            for _ in 0..<9 where trickles {
                try await Task.sleep(for: .milliseconds(100))
                _ = send(socket, " ", 1, Int32(MSG_NOSIGNAL))
            }
            #expect(try await reply.status == 408)
            #expect((1...5).contains(seconds(start)))
        }
    }

    /// Prevents a whole answer that nobody reads from being kept for ever.
    @Test("A whole answer that is not read is let go") func unreadAnswer() async throws {
        let clip = try await CLIPModel(contentsOf: TestServer.models.appending(path: "clip").path)
        try await TestServer.run(clip: clip, changing: { $0.writeSeconds = 0.5 }) { server in
            let inputs = Array(repeating: "\"a\"", count: 256).joined(separator: ", ")
            let request = TestServer.request("/v1/embeddings", "{\"input\": [\(inputs)]}")
            let socket = try server.connectWithoutReading(request)
            defer { close(socket) }
            try await Task.sleep(for: .seconds(3))
            let reply = try await server.reply(on: socket)
            #expect(reply.status == 200 && (try? reply.object) == nil)
        }
    }

    /// Prevents images for one who does not read from filling memory; a slow reader gets fewer of those
    /// that are on their way, and all that are complete.
    @Test("A client that is behind gets no partial images") func behind() async throws {
        try await TestServer.run(changing: { $0.unreadLimit = 10_000 }) { server in
            let body =
                #"{"messages": [{"role": "user", "content": "Draw a cat."}], "min_images": 6, "max_images": 6, "stream": true, "partial_images": 99}"#
            let socket = try server.connectWithoutReading(
                TestServer.request(Self.chat, body, headers: ["Connection: close"])
            )
            defer { close(socket) }
            var isAnswered = false
            while !isAnswered {
                try await Task.sleep(for: .milliseconds(100))
                isAnswered = try await server.ask("/metrics").body
                    .contains("jam_requests_answered_total 1\n")
            }
            let events = try await server.reply(on: socket).body
            func count(_ pattern: String) -> Int {
                events.components(separatedBy: pattern).count - 1
            }
            // Who reads gets seven of each; see `ChatRouteTests`.
            let partial = count(#""image_progress":{"count":"#) - count(#""count":0,"#)
            #expect((7..<42).contains(partial))
            #expect(count(#""images":["#) == 6 && events.hasSuffix("data: [DONE]\n\n"))
        }
    }

    // MARK: - Size

    /// Prevents a body or headers that fill memory.
    @Test("Bodies over 16 MB and headers over 16 KB are not read") func sizes() async throws {
        try await TestServer.run { server in
            let head =
                "POST \(Self.chat) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            let limit = 16 << 20
            let claimed = try await server.send(
                Array((head + "Content-Length: \(limit + 1)\r\n\r\n").utf8)
            )
            #expect(claimed.status == 413 && claimed.body.contains("at most \(limit) bytes"))
            let exact = try await server.send(
                Array((head + "Connection: close\r\nContent-Length: \(limit)\r\n\r\n").utf8)
                    + [UInt8](repeating: 0x20, count: limit)
            )
            #expect(exact.status == 400)
            // In chunks, with a byte too many and no end: it is answered although more could come.
            let socket = try server.connectWithoutReading(
                Array((head + "Transfer-Encoding: chunked\r\n\r\n").utf8)
            )
            defer { close(socket) }
            let chunk =
                Array("10000\r\n".utf8) + [UInt8](repeating: 0x20, count: 1 << 16) + [13, 10]
            for _ in 0..<limit >> 16 { _ = send(socket, chunk, chunk.count, Int32(MSG_NOSIGNAL)) }
            _ = send(socket, "1\r\n ", 4, Int32(MSG_NOSIGNAL))
            let start = ContinuousClock.now
            #expect(try await server.reply(on: socket).status == 413)
            #expect(seconds(start) < 10)

            for headers in [
                (0..<10_000).map { "A\($0): b\r\n" }.joined(),
                "A: \(String(repeating: "a", count: 1 << 20))\r\n",
            ] {
                let reply = try await server.send(
                    Array("GET /health HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n".utf8)
                )
                #expect(reply.status == 431)
            }
            #expect(try await server.ask("/health").status == 200)
        }
    }

    // MARK: - Nonsense

    private static let nonsense: [(body: String, param: String?)] = [
        ("", nil), ("{", nil), ("nonsense", nil), ("[1]", nil), (question() + "}", nil),
        (String(repeating: "[", count: 100_000), nil),
        ("{\"messages\": " + String(repeating: "[", count: 100_000), nil),
        // JSON has no such number, so nothing says which member it is.
        (question(#", "temperature": NaN"#), nil), (question(#", "temperature": 1e400"#), nil),
        (question(#", "temperature": "NaN""#), "temperature"),
        (question(#", "temperature": -1"#), "temperature"),
        (question(#", "temperature": [0]"#), "temperature"),
        (question(#", "n": 1000000000"#), "n"), (question(#", "n": 1e9"#), "n"),
        (question(#", "max_completion_tokens": -1"#), "max_completion_tokens"),
        (question(#", "max_completion_tokens": 1.5"#), "max_completion_tokens"),
        (question(#", "max_completion_tokens": 99999999999999999999"#), "max_completion_tokens"),
        (
            question(
                ", \"logit_bias\": {"
                    + (0..<5143).map { "\"\($0)\": 100" }.joined(separator: ", ") + "}"
            ), "logit_bias"
        ),
        (#"{"messages": [{"role": "robot", "content": "a"}]}"#, "messages[0].role"),
        (#"{"messages": [{"role": 1, "content": "a"}]}"#, "messages[0].role"),
        (#"{"messages": {"role": "user"}}"#, "messages"), (#"{"messages": [1]}"#, "messages[0]"),
        (#"{"messages": null}"#, "messages"), ("{}", "messages"),
        (question(#", "seed": "one""#), "seed"), (question(#", "stream": "yes""#), "stream"),
    ]

    /// Prevents nonsense that ends the server, is taken for something, or keeps others waiting.
    @Test("Nonsense is refused at once, and the member is named") func refusesNonsense()
        async throws
    {
        try await TestServer.run { server in
            for (body, param) in Self.nonsense {
                var fastest = Double.infinity
                for _ in 0..<5 {
                    let start = ContinuousClock.now
                    let reply = try await server.ask(Self.chat, body)
                    fastest = min(fastest, seconds(start))
                    #expect(reply.status == 400, "\(body.prefix(200))")
                    #expect(try reply.error("param") == param, "\(reply.body)")
                    #expect(try reply.error("message")?.contains("\n") == false)
                }
                // The fastest of five: others may have the processors for a while.
                #expect(fastest <= 0.02, "\(body.prefix(200))")
            }
            #expect(try await server.ask(Self.chat, Self.question()).status == 200)
        }
    }

    /// Prevents requests to machines that only the server reaches, and files of its own in answers.
    @Test(
        "No URL is fetched, wherever it stands",
        arguments: [
            "http://127.0.0.1:1/a.png", "https://127.0.0.1:1/a.png", "file:///etc/passwd",
            "/etc/passwd", "ftp://127.0.0.1/a", "HTTP://127.0.0.1:1/a.png", "//127.0.0.1/a.png", "",
        ]
    )
    func fetchesNothing(url: String) async throws {
        let clip = try await CLIPModel(contentsOf: TestServer.models.appending(path: "clip").path)
        try await TestServer.run(clip: clip) { server in
            let part = #"{"type": "image_url", "image_url": {"url": "\#(url)"}}"#
            let edit = #"{"images": [{"image_url": "\#(url)"}], "prompt": "a"}"#
            for (path, body, param) in [
                (
                    Self.chat, #"{"messages": [{"role": "user", "content": [\#(part)]}]}"#,
                    "messages[0].content[0].image_url.url"
                ),
                (
                    "/v1/responses",
                    #"{"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "\#(url)"}]}]}"#,
                    "input[0].content[0].image_url"
                ),
                ("/v1/embeddings", #"{"input": [\#(part)]}"#, "input[0].image_url.url"),
                ("/v1/images/edits", edit, "images[0].image_url"),
            ] {
                let reply = try await server.ask(path, body)
                #expect(reply.status == 400, "\(path)")
                #expect(try reply.error("param") == param, "\(reply.body)")
                #expect(try reply.error("message")?.contains("nothing is fetched") == true)
                #expect(!reply.body.contains("passwd"))
            }
        }
    }

    /// Prevents errors that tell a stranger about this machine or what the server is made of.
    @Test("Errors are in the server's own words") func ownWords() async throws {
        try await TestServer.run { server in
            let truncated = Image(width: 9, height: 9, pixels: [UInt8](repeating: 40, count: 243))
                .png().dropLast(20)
            func shown(_ bytes: [UInt8]) -> String {
                #"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,\#(Base64.encode(bytes))"}}]}]}"#
            }
            let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + Array("JFIF".utf8) + [0, 1, 1]
            let long = String(repeating: "a ", count: 2000)
            var replies: [TestServer.Reply] = []
            for body in Self.nonsense.map(\.body) + [
                shown(Array(truncated)), shown(jpeg), shown(Array("RIFF0000WEBPVP8 ".utf8)),
                #"{"messages": [{"role": "user", "content": "\#(long)"}]}"#,
            ] {
                replies.append(try await server.ask(Self.chat, body))
            }
            for path in ["/etc/passwd", "/v1/models/other", "/v1/nothing"] {
                replies.append(try await server.ask(path))
            }
            replies.append(try await server.ask("/v1/models", headers: ["Host: evil.example"]))
            let foreign =
                /\/(usr|home|root|etc|tmp|work|var|opt)\/|0x[0-9a-f]{4}|\.swift|[Hh]ummingbird|NIO|[Ll]ib(png|spng|jpeg|torch|webp|avif)|spng|c10::|[Tt]orch|Foundation|Optional\(/
            for reply in replies {
                #expect(reply.status >= 400)
                #expect(reply.body.firstMatch(of: foreign) == nil, "\(reply.body)")
            }
        }
    }

    /// Prevents a request of megabytes that is sent back three times.
    @Test("What a response repeats has a limit", arguments: ["metadata", "tools"])
    func echoes(member: String) async throws {
        try await TestServer.run { server in
            for (size, status) in [(10_000, 200), (20_000, 400)] {
                let filler = String(repeating: "a", count: size)
                let value =
                    member == "tools"
                    ? #"[{"type": "image_generation", "model": "\#(filler)"}]"#
                    : #"{"a": "\#(filler)"}"#
                let reply = try await server.ask(
                    "/v1/responses",
                    #"{"input": "What is a cat?", "max_output_tokens": 1, "\#(member)": \#(value)}"#
                )
                #expect(reply.status == status, "\(reply.body.prefix(200))")
                #expect(try status == 200 || reply.error("param") == member)
            }
        }
    }

    // MARK: - Others who ask

    /// Prevents one who waits, and gives up, from ending or changing the answer that is being made (a bug
    /// of other servers).
    @Test("Whoever gives up waiting disturbs nobody") func queuedCancel() async throws {
        try await TestServer.run(batch: 1) { server in
            let body =
                #"{"messages": [{"role": "user", "content": "Draw a cat."}], "min_images": 2, "partial_images": 99, "seed": 5, "stream": true}"#
            func told(_ reply: TestServer.Reply) throws -> [JSON?] {
                try reply.events.map { $0["choices"] }
            }
            let alone = try told(try await server.ask(Self.chat, body))
            async let running = server.ask(Self.chat, body)
            try await Task.sleep(for: .milliseconds(50))
            for index in 0..<10 {
                let asked =
                    index < 5 ? body : body.replacing(#""stream": true"#, with: #""stream": false"#)
                let waiting = try server.connectWithoutReading(TestServer.request(Self.chat, asked))
                try await Task.sleep(for: .milliseconds(10))
                close(waiting)
            }
            let beside = try told(try await running)
            #expect(alone.count > 10 && beside == alone)
            var unfinished = true
            let start = ContinuousClock.now
            while unfinished, seconds(start) < 5 {
                unfinished = try await !server.ask("/metrics").body
                    .contains("jam_requests_unfinished 0\n")
            }
            #expect(!unfinished)
            let metrics = try await server.ask("/metrics").body
            #expect(metrics.contains("jam_requests_answered_total 2\n"))
            #expect(metrics.contains("jam_requests_incomplete_total 10\n"))
        }
    }

    /// Prevents a request that makes the model fail from taking others with it, or the server.
    @Test("Where the model fails, one request fails") func engineFailure() async throws {
        let folder = try Self.modelFailing(at: "~")
        let failures = Failures()
        try await TestServer.run(
            folder: folder.path,
            changing: { settings in settings.onFailure = { failures.add($0) } }
        ) { server in
            let fine = Self.question(#", "seed": 1"#)
            let failing = fine.replacing("cat", with: "~")
            let alone = try await server.ask(Self.chat, fine).object["choices"]
            async let others = withThrowingTaskGroup(of: JSON?.self) { group in
                for _ in 0..<6 {
                    group.addTask { try await server.ask(Self.chat, fine).object["choices"] }
                }
                return try await group.reduce(into: [JSON?]()) { $0.append($1) }
            }
            for _ in 0..<6 {
                let reply = try await server.ask(Self.chat, failing)
                #expect(reply.status == 500)
                #expect(try reply.error("message") == "the model failed")
                #expect(try reply.error("type") == "server_error")
                let stream = try await server.ask(
                    Self.chat,
                    failing.replacing("\"seed\"", with: "\"stream\": true, \"seed\"")
                )
                #expect(stream.body.contains("the model failed"))
                #expect(try await server.ask(Self.chat, fine).object["choices"] == alone)
            }
            let told = try await others
            #expect(told.count == 6 && told.allSatisfy { $0 == alone })
            #expect(try await server.ask("/metrics").body.contains("jam_requests_unfinished 0\n"))
        }
        // Who runs the server is told why.
        #expect(failures.all.count == 12 && failures.all.allSatisfy { $0.contains("finite") })
    }

    /// A copy of the model that computes what is no number after a token.
    private static func modelFailing(at token: String) throws -> ScratchFolder {
        let source = TestServer.models.appending(path: "answers")
        let folder = try ScratchFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: source.path)
        where name != "model.safetensors" {
            let original = source.appending(path: name).resolvingSymlinksInPath()
            try FileManager.default.copyItem(atPath: original.path, toPath: folder.file(name))
        }
        let tokenizer = try JSON(parsing: try folder.read("tokenizer.json")).objectValue
        let vocabulary = tokenizer?["model"]?.objectValue?["vocab"]?.objectValue
        guard case .integer(let id)? = vocabulary?[token] else { throw NoSuchToken() }
        var bytes = Array(try Data(contentsOf: source.appending(path: "model.safetensors")))
        let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try JSON(parsing: Array(bytes[8..<8 + length])).objectValue
        // The numbers by which the rows of two embeddings in eight bits are multiplied.
        for tower in ["text", "image"] {
            let entry = header?["towers.\(tower).model.embed_tokens.weight_scale"]?.objectValue
            guard case .integer(let start)? = entry?["data_offsets"]?.arrayValue?.first else {
                throw NoSuchToken()
            }
            let place = 8 + length + start + 4 * id
            bytes.replaceSubrange(place..<place + 4, with: [0, 0, 0xC0, 0x7F])
        }
        try folder.write("model.safetensors", bytes)
        return folder
    }

    private struct NoSuchToken: Error {}

    /// What a server told of its failures.
    private final class Failures: @unchecked Sendable {  // All access is under the lock.
        private let lock = NSLock()
        private var messages: [String] = []

        var all: [String] { lock.withLock { messages } }

        func add(_ message: String) { lock.withLock { messages.append(message) } }
    }

    // MARK: - Doors

    /// Prevents a route that is open although there is a key, and pages of other web sites that read
    /// answers.
    @Test("Every route but /health needs the key, and no other site may read") func doors()
        async throws
    {
        try await TestServer.run(changing: { $0.apiKey = "secret" }) { server in
            let key = "Authorization: Bearer secret"
            let description = try await server.ask("/openapi.json", headers: [key])
            let paths = try #require(try description.object["paths"]?.objectValue).members.map {
                $0.0
            }
            let page = try await server.ask("/", headers: [key])
            let files = page.body.matches(of: /(?:src|href)="\/?([^":#]+)"/).map { "/" + $0.1 }
            #expect(paths.count >= 9 && files.count >= 2)
            for path in paths + files + ["/", "/openapi.json", "/nothing"] where path != "/health" {
                for method in ["GET", "HEAD", "POST", "OPTIONS", "DELETE"] {
                    let reply = try await server.ask(
                        path,
                        method == "POST" ? Self.question() : nil,
                        headers: ["Origin: http://localhost:1"],
                        method: method
                    )
                    #expect(reply.status == 401, "\(method) \(path)")
                    #expect(!reply.head.lowercased().contains("access-control"))
                }
            }
            for method in ["GET", "OPTIONS"] {
                for path in ["/health", "/v1/models"] + paths {
                    let reply = try await server.ask(
                        path,
                        headers: [
                            key, "Origin: http://evil.example",
                            "Access-Control-Request-Method: POST",
                        ],
                        method: method
                    )
                    #expect(!reply.head.lowercased().contains("access-control"), "\(path)")
                    #expect(method == "GET" || reply.status >= 400, "\(path)")
                }
            }
        }
    }

    /// Prevents a key that is found byte by byte, by how long a comparison takes.
    @Test("Keys are compared in a time that does not tell where they differ") func constantTime() {
        let key = String(repeating: "a", count: 1 << 20)
        let first = "b" + key.dropFirst()
        let last = key.dropLast() + "b"
        func fastest(_ other: String) -> Double {
            (0..<20).map { _ in
                let start = ContinuousClock.now
                #expect(!other.isSame(as: key))
                return seconds(start)
            }.min() ?? 0
        }
        let ratio = fastest(first) / fastest(String(last))
        #expect((0.5...2).contains(ratio), "\(ratio)")
        #expect(key.isSame(as: key) && !"".isSame(as: key) && !key.isSame(as: ""))
    }

    /// Prevents files of this machine from being read by a path that leads out of the page's.
    @Test(
        "Paths lead nowhere",
        arguments: [
            "/../Package.swift", "/../../../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
            "/..%2f..%2fetc%2fpasswd", "/..%5c..%5cetc%5cpasswd", "/..\\..\\etc\\passwd",
            "/style.css%00", "/%00", "/style.css%00.html", "//etc/passwd", "/./style.css",
            "/v1/models/..%2f..", "/v1/models/%00",
        ]
    )
    func traversal(path: String) async throws {
        try await TestServer.run { server in
            let reply = try await server.ask(path)
            #expect(reply.status == 404, "\(reply.body)")
            #expect(!reply.body.contains("root:"))
        }
    }
}
