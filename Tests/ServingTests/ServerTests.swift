import Basics
import Foundation
import Serving
import Testing

/// What a server does with those that ask, whatever they ask for.
@Suite(.serialized) struct ServerTests {
    private static let short =
        #"{"messages": [{"role": "user", "content": "What is a cat?"}], "max_tokens": 2, "max_images": 0}"#
    private static let long =
        #"{"messages": [{"role": "user", "content": "Draw a cat."}], "min_images": 4, "stream": true}"#

    private func count(_ name: String, _ server: TestServer) async throws -> Int {
        let lines = try await server.ask("/metrics").body.split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix(name + " ") })
        return try #require(Int(line.dropFirst(name.count + 1)))
    }

    /// Prevents a model that goes on to draw for those who are gone.
    @Test("Whoever goes away is forgotten within a token") func leaving() async throws {
        try await TestServer.run { server in
            let whole = Self.long.replacingOccurrences(of: "true", with: "false")
            for body in [Self.long, whole] {
                let request =
                    "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                    + body
                for _ in 0..<10 {
                    let streams = body == Self.long
                    let reply = try await server.send(
                        Array(request.utf8),
                        leavingAfter: streams ? 1500 : 0
                    )
                    #expect(streams ? reply.status == 200 : reply.status == 0)
                }
                var unfinished = 1
                for _ in 0..<100 where unfinished > 0 {
                    try await Task.sleep(for: .milliseconds(20))
                    unfinished = try await count("jam_requests_unfinished", server)
                }
                #expect(unfinished == 0)
            }
            #expect(try await count("jam_requests_answered_total", server) == 0)
            // Of those that left at once some were never heard.
            let incomplete = try await count("jam_requests_incomplete_total", server)
            #expect((10...20).contains(incomplete))
            #expect(try await server.ask("/v1/chat/completions", Self.short).status == 200)
        }
    }

    /// Prevents memory that grows with the requests that wait, and one that waits for ever.
    @Test("A full queue refuses, and everything that was let in is answered") func fullQueue()
        async throws
    {
        try await TestServer.run(batch: 1, changing: { $0.queueLimit = 3 }) { server in
            let statuses = try await withThrowingTaskGroup(of: TestServer.Reply.self) { group in
                for _ in 0..<40 {
                    group.addTask { try await server.ask("/v1/chat/completions", Self.short) }
                }
                return try await group.reduce(into: [TestServer.Reply]()) { $0.append($1) }
            }
            let answered = statuses.filter { $0.status == 200 }
            let refused = statuses.filter { $0.status == 429 }
            #expect(answered.count >= 4 && answered.count + refused.count == 40)
            #expect(refused.allSatisfy { $0.head.lowercased().contains("retry-after: ") })
            #expect(try await count("jam_requests_refused_total", server) == refused.count)
            #expect(try await count("jam_requests_unfinished", server) == 0)
        }
    }

    /// Prevents a route without the key, and one that the page cannot ask for by the browser.
    @Test("All but /health needs the key") func keys() async throws {
        try await TestServer.run(changing: { $0.apiKey = "secret" }) { server in
            for path in ["/", "/script.js", "/v1/models", "/metrics", "/nothing"] {
                let reply = try await server.ask(path)
                #expect(reply.status == 401, "\(path)")
                #expect(reply.head.lowercased().contains("www-authenticate: basic"))
                for wrong in [
                    "Bearer secre", "Bearer secrets", "secret", "Basic c2VjcmU=", "Basic c2VjcmV0",
                ] {
                    let reply = try await server.ask(path, headers: ["Authorization: \(wrong)"])
                    #expect(reply.status == 401, "\(path) \(wrong)")
                }
            }
            #expect(try await server.ask("/v1/chat/completions", Self.short).status == 401)
            #expect(try await server.ask("/health").status == 200)
            for right in [
                "Bearer secret", "bearer  secret", "Basic amFtOnNlY3JldA==", "Basic OnNlY3JldA==",
            ] {
                let reply = try await server.ask("/v1/models", headers: ["Authorization: \(right)"])
                #expect(reply.status == 200, "\(right)")
            }
        }
    }

    /// Prevents web sites that reach the server by a name of their own.
    @Test("Names of other machines are refused") func hosts() async throws {
        try await TestServer.run { server in
            for (host, status) in [
                ("localhost", 200), ("localhost:8080", 200), ("127.0.0.1", 200), ("[::1]:80", 200),
                ("evil.example", 421), ("localhost.evil.example", 421), ("", 421),
            ] {
                let reply = try await server.ask("/v1/models", headers: ["Host: \(host)"])
                #expect(reply.status == status, "\(host)")
            }
        }
    }

    /// Prevents controls of the page for what a server does not have.
    @Test("/v1/models says what can be asked of a server") func models() async throws {
        try await TestServer.run { server in
            let model = try await server.ask("/v1/models/dictionary").object
            #expect(model["image_sizes"] == ["64x64"] && model["inpaints"] == true)
            #expect(model["max_candidates"] == 1 && model["max_retrieval"] == 0)
        }
    }

    @Test("Only the page's own files are there") func files() async throws {
        try await TestServer.run { server in
            let page = try await server.ask("/")
            #expect(page.status == 200 && page.body.lowercased().hasPrefix("<!doctype html>"))
            #expect(page.head.contains("default-src 'self'"))
            // All that it names is there, and nothing of it is elsewhere.
            let names = page.body.matches(of: /(?:src|href)="([^"#]+)"/).map { String($0.1) }
            #expect(names.count >= 2)
            for name in names where !name.hasPrefix("data:") {
                #expect(!name.contains("//"))
                let path = name.hasPrefix("/") ? name : "/" + name
                #expect(try await server.ask(path).status == 200, "\(name)")
            }
            // The scripts that it begins with, and those that scripts import.
            var known = ["script.js"]
            var count = 0
            while count < known.count {
                let script = try await server.ask("/" + known[count])
                #expect(script.status == 200, "\(known[count])")
                count += 1
                for match in script.body.matches(of: /from "\.\/([^"]+)"/)
                where !known.contains(String(match.1)) {
                    known.append(String(match.1))
                }
            }
            #expect(count == 12)
            for path in [
                "/../Package.swift", "/%2e%2e/%2e%2e/etc/passwd", "/..%5c..%5cetc", "/style.css%00",
                "/Page/index.html", "/v1/nothing",
            ] {
                let reply = try await server.ask(path)
                #expect(reply.status == 404 || reply.status == 400, "\(path)")
            }
            let wrong = try await server.ask("/v1/models", "{}")
            #expect(wrong.status == 405 && wrong.head.contains("GET, HEAD"))
        }
    }

    @Test("A body that does not come is not waited for") func slowBody() async throws {
        try await TestServer.run(changing: { $0.bodySeconds = 0.3 }) { server in
            let head =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{"
            let late = try await server.send(Array(head.utf8))
            #expect(late.status == 408)
            let next = try await server.ask("/health")
            #expect(next.status == 200)
        }
    }

    /// Prevents a client that does not read from holding a place, and its answer, for ever.
    @Test("Whoever does not read is let go") func stalledReader() async throws {
        try await TestServer.run(
            batch: 1,
            changing: {
                $0.queueLimit = 1; $0.writeSeconds = 0.5
            }
        ) { server in
            let images =
                #"{"messages": [{"role": "user", "content": "Draw a cat."}], "min_images": 4, "stream": true, "partial_images": 99}"#
            let request =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(images.utf8.count)\r\n\r\n"
                + images
            let stalled = try (0..<4).map { _ in
                try server.connectWithoutReading(Array(request.utf8))
            }
            defer { stalled.forEach { close($0) } }
            var status = 429
            for _ in 0..<200 where status == 429 {
                try await Task.sleep(for: .milliseconds(100))
                status = try await server.ask("/v1/chat/completions", Self.short).status
            }
            #expect(status == 200)
        }
    }

    /// Prevents bodies that nobody wants from being read without end.
    @Test("After an error before its body a connection is closed") func unreadBodies() async throws
    {
        try await TestServer.run { server in
            for (path, type, status) in [
                ("/v1/chat/completions", "text/plain", 415),
                ("/v1/nothing", "application/json", 404),
                ("/health", "application/json", 400),
            ] {
                // No Connection: close, and a body that never ends.
                let head =
                    "\(path == "/health" ? "GET" : "POST") \(path) HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: \(type)\r\nContent-Length: 1000000000\r\n\r\n{"
                let reply = try await server.send(Array(head.utf8))
                #expect(reply.status == status, "\(path)")
                #expect(reply.head.lowercased().contains("connection: close"))
                #expect(reply.head.contains("nosniff"))
            }
            for path in ["/health", "/"] {
                let head = try await server.ask(path, method: "HEAD")
                #expect(head.status == 200 && head.body.isEmpty)
            }
        }
    }

    /// Prevents a connection that only breaks off.
    @Test("Headers that are too large are answered, also after other requests") func largeHeaders()
        async throws
    {
        try await TestServer.run { server in
            func head(_ size: Int, _ more: String = "") -> String {
                "GET /health HTTP/1.1\r\nHost: localhost\r\n\(more)X: \(String(repeating: "a", count: size))\r\n\r\n"
            }
            let fine = try await server.send(Array(head(15_000, "Connection: close\r\n").utf8))
            #expect(fine.status == 200)
            for size in [16_384, 100_000] {
                let reply = try await server.send(Array(head(size).utf8))
                #expect(reply.status == 431)
                #expect(reply.body.contains("at most 16384 bytes"))
            }
            let many = (0..<3000).map { "A\($0): b\r\n" }.joined()
            #expect(try await server.send(Array(head(1, many).utf8)).status == 431)
            // In pieces, behind a request that is being answered.
            let both = try await server.send(Array((head(1) + head(100_000)).utf8))
            #expect([0, 200, 431].contains(both.status))
            #expect(try await server.ask("/health").status == 200)
        }
    }

    @Test("Other machines are let in with a key, or where that is wanted") func open() throws {
        var settings = ServerSettings(modelName: "a")
        try settings.check(isOpen: false)
        settings.host = "0.0.0.0"
        #expect(throws: ServerError.openWithoutKey(host: "0.0.0.0")) {
            try settings.check(isOpen: false)
        }
        try settings.check(isOpen: true)
        settings.apiKey = "secret"
        try settings.check(isOpen: false)
    }
}
