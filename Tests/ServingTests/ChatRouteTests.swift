import Basics
import Documents
import Foundation
import Serving
import Testing

/// Answers over HTTP, by a model that ships.
@Suite(.serialized) struct ChatRouteTests {
    private static let question =
        #"{"messages": [{"role": "user", "content": "What is a cat?"}], "seed": 3, "min_images": 1"#

    private static func message(_ reply: TestServer.Reply) throws -> JSON.Object {
        let choice = try #require(reply.object["choices"]?.arrayValue?.first?.objectValue)
        return try #require(choice["message"]?.objectValue)
    }

    /// Prevents a stream that tells another story than the whole answer, parts out of order, and
    /// pictures that are no pictures.
    @Test("A stream's parts are those of the whole answer, in order") func streamsAreWhole()
        async throws
    {
        try await TestServer.run { server in
            let whole = try await server.ask("/v1/chat/completions", Self.question + "}")
            #expect(whole.status == 200)
            let message = try Self.message(whole)
            let parts = try #require(message["parts"]?.arrayValue).compactMap(\.objectValue)
            #expect(parts.map { $0["index"] } == parts.indices.map { .integer($0) })
            let texts = parts.compactMap { $0["text"]?.stringValue }
            #expect(message["content"]?.stringValue == texts.joined())
            let urls = parts.compactMap { $0["image_url"]?.objectValue?["url"]?.stringValue }
            #expect(urls.count == 1 && texts.count == 1)
            let bytes = try #require(DataURL.bytes(of: urls[0]))
            #expect(try Image(decoding: bytes, name: "image").width == 64)

            let stream = try await server.ask(
                "/v1/chat/completions",
                Self.question
                    + #", "stream": true, "partial_images": 99, "stream_options": {"include_usage": true}}"#
            )
            #expect(stream.head.lowercased().contains("content-type: text/event-stream"))
            #expect(stream.body.hasSuffix("data: [DONE]\n\n"))
            var streamed: [Int: (text: String, url: String?, rows: Int)] = [:]
            var reason: String?
            for event in try stream.events {
                guard let choice = event["choices"]?.arrayValue?.first?.objectValue else {
                    continue
                }
                reason = choice["finish_reason"]?.stringValue ?? reason
                let delta = try #require(choice["delta"]?.objectValue)
                guard case .integer(let index)? = delta["index"] else { continue }
                #expect(index >= (streamed.keys.max() ?? 0))
                var part = streamed[index] ?? ("", nil, 0)
                part.text += delta["content"]?.stringValue ?? ""
                let images = delta["images"]?.arrayValue?.compactMap(\.objectValue) ?? []
                for image in images {
                    part.url = image["image_url"]?.objectValue?["url"]?.stringValue
                }
                if delta["image_progress"]?.objectValue?["url"] != nil { part.rows += 1 }
                streamed[index] = part
            }
            #expect(reason == "stop")
            #expect(streamed.keys.sorted() == Array(parts.indices))
            for (index, part) in parts.enumerated() {
                let other = try #require(streamed[index])
                #expect(other.text == part["text"]?.stringValue ?? "")
                let url = part["image_url"]?.objectValue?["url"]?.stringValue
                #expect(other.url == url)
                // Eight rows of codes; the last one is the whole image.
                #expect(other.rows == (url == nil ? 0 : 7))
            }
            let usage = try #require(try stream.events.last?["usage"]?.objectValue)
            var wholeUsage = try #require(try whole.object["usage"]?.objectValue)
            // The prompt has been read but for its last token, which begins an answer.
            guard case .integer(let count)? = usage["prompt_tokens"] else {
                Issue.record("no number of tokens")
                return
            }
            #expect(wholeUsage["prompt_tokens_details"] == ["cached_tokens": 0])
            wholeUsage["prompt_tokens_details"] = ["cached_tokens": .integer(count - 1)]
            #expect(wholeUsage == usage)
        }
    }

    /// Prevents a history whose pictures get lost between two requests.
    @Test("What the server says can be sent back as it is") func historiesGoBack() async throws {
        try await TestServer.run { server in
            let first = try await server.ask("/v1/chat/completions", Self.question + "}")
            let message = JSON.object(try Self.message(first)).text()
            let rest = #", {"role": "user", "content": "Draw a dog."}], "seed": 1}"#
            let asked = #"{"messages": [{"role": "user", "content": "What is a cat?"}, "#
            let second = try await server.ask("/v1/chat/completions", asked + message + rest)
            #expect(second.status == 200, "\(second.body)")
            let usage = try #require(try second.object["usage"]?.objectValue)
            guard case .integer(let count)? = usage["prompt_tokens"] else {
                Issue.record("no number")
                return
            }
            // The image's 64 codes are among them.
            #expect(count > 64)
        }
    }

    struct Mistake: CustomTestStringConvertible {
        let member: String
        let param: String
        var testDescription: String { member }
    }

    @Test(
        "A wrong member is named, with status 400",
        arguments: [
            Mistake(member: #""temperature": -1"#, param: "temperature"),
            Mistake(member: #""temperature": "hot""#, param: "temperature"),
            Mistake(member: #""top_p": 2"#, param: "top_p"),
            Mistake(member: #""max_tokens": -1"#, param: "max_tokens"),
            Mistake(member: #""max_images": 1000000000"#, param: "max_images"),
            Mistake(member: #""n": 1000000000"#, param: "n"),
            Mistake(member: #""stop": ["a"]"#, param: "stop"),
            Mistake(member: #""logit_bias": {"1": 100}"#, param: "logit_bias"),
            Mistake(member: #""tools": [{"type": "function"}]"#, param: "tools"),
            Mistake(member: #""modalities": ["audio"]"#, param: "modalities"),
            Mistake(member: #""temprature": 1"#, param: "temprature"),
            Mistake(member: #""stream": 1"#, param: "stream"),
            Mistake(member: #""max_images": 0"#, param: "min_images"),
            Mistake(member: #""modalities": ["text"]"#, param: "min_images"),
            Mistake(member: #""partial_images": -1"#, param: "partial_images"),
        ]
    )
    func wrongMembersAreNamed(mistake: Mistake) async throws {
        try await TestServer.run { server in
            let reply = try await server.ask(
                "/v1/chat/completions",
                Self.question + ", " + mistake.member + "}"
            )
            #expect(reply.status == 400)
            #expect(try reply.error("param") == mistake.param)
            #expect(try reply.error("type") == "invalid_request_error")
        }
    }

    @Test("Wrong messages and bodies are refused in one line") func wrongBodies() async throws {
        try await TestServer.run(changing: { $0.bodyLimit = 200_000 }) { server in
            func chat(_ messages: String) async throws -> TestServer.Reply {
                try await server.ask("/v1/chat/completions", #"{"messages": \#(messages)}"#)
            }
            let image =
                #"[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "#
            for (messages, param) in [
                ("[]", "messages"),
                (#"[{"role": "robot", "content": "a"}]"#, "messages[0].role"),
                (#"[{"role": "user", "content": 1}]"#, "messages[0].content"),
                (
                    #"[{"role": "user", "content": [{"type": "video"}]}]"#,
                    "messages[0].content[0].type"
                ),
                (
                    image + #""http://127.0.0.1/a.png"}}]}]"#,
                    "messages[0].content[0].image_url.url"
                ),
                (image + #""file:///etc/passwd"}}]}]"#, "messages[0].content[0].image_url.url"),
                (
                    image + #""data:image/png;base64,AAAA"}}]}]"#,
                    "messages[0].content[0].image_url.url"
                ),
            ] {
                let reply = try await chat(messages)
                #expect(reply.status == 400, "\(messages)")
                #expect(try reply.error("param") == param)
            }
            let long = String(repeating: "a ", count: 2000)
            let tooLong = try await chat(#"[{"role": "user", "content": "\#(long)"}]"#)
            #expect(tooLong.status == 400)
            #expect(try tooLong.error("code") == "context_length_exceeded")

            for body in ["", "{", "[1]", String(repeating: "[", count: 100_000), "{} {}"] {
                let reply = try await server.ask("/v1/chat/completions", body)
                #expect(reply.status == 400, "\(body.prefix(20))")
                #expect(try reply.error("message")?.contains("\n") == false)
            }
            let form = try await server.ask(
                "/v1/chat/completions",
                Self.question + "}",
                headers: ["Content-Type: text/plain"]
            )
            #expect(form.status == 415)
            let large = try await server.ask(
                "/v1/chat/completions",
                String(repeating: " ", count: 300_000)
            )
            #expect(large.status == 413)
            let chunk = "10000\r\n" + String(repeating: " ", count: 0x10000) + "\r\n"
            let chunked =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
                + "Connection: close\r\n\r\n" + String(repeating: chunk, count: 5) + "0\r\n\r\n"
            #expect(try await server.send(Array(chunked.utf8)).status == 413)
            #expect(try await server.ask("/health").status == 200)
        }
    }

    /// Prevents small files that take all memory.
    @Test("Images of a request share their pixels") func imagesShareTheirPixels() async throws {
        try await TestServer.run { server in
            func asked(_ side: Int, _ count: Int) async throws -> TestServer.Reply {
                let image = Image(
                    width: side,
                    height: side,
                    pixels: [UInt8](repeating: 200, count: 3 * side * side)
                )
                let url = DataURL.png(image.png())
                let part = #"{"type": "image_url", "image_url": {"url": "\#(url)"}}"#
                let parts = Array(repeating: part, count: count).joined(separator: ", ")
                return try await server.ask(
                    "/v1/chat/completions",
                    #"{"messages": [{"role": "user", "content": [\#(parts)]}], "max_images": 0, "max_tokens": 1}"#
                )
            }
            let many = try await asked(8, 17)
            #expect(many.status == 400 && many.body.contains("at most 16 images"))
            let large = try await asked(2500, 3)
            #expect(large.status == 400 && large.body.contains("too large"))
            let fine = try await asked(2500, 2)
            #expect(fine.status == 200, "\(fine.body)")
        }
    }

    /// Prevents a conversation that takes time by the square of its length.
    @Test("Long conversations are cut in time") func longConversations() async throws {
        try await TestServer.run { server in
            let turns = (0..<1000).map { index in
                #"{"role": "\#(index.isMultiple(of: 2) ? "user" : "assistant")", "content": "a"}"#
            }
            let messages = (turns + [#"{"role": "user", "content": "What is a cat?"}"#])
                .joined(separator: ", ")
            let start = ContinuousClock.now
            let reply = try await server.ask(
                "/v1/chat/completions",
                #"{"messages": [\#(messages)], "max_tokens": 1, "max_images": 0}"#
            )
            #expect(reply.status == 200)
            guard case .integer(let forgotten)? = try reply.object["forgotten_turns"] else {
                Issue.record("nothing is told")
                return
            }
            #expect(forgotten > 700 && forgotten < 1000 && forgotten.isMultiple(of: 2))
            #expect(start.duration(to: .now) < .seconds(5))
        }
    }

    @Test("Images are generated by a description") func generatesImages() async throws {
        try await TestServer.run { server in
            let reply = try await server.ask(
                "/v1/images/generations",
                #"{"prompt": "Draw a cat.", "n": 2, "seed": 1, "image_temperature": 5, "image_top_p": 1, "guidance": 1, "response_format": "b64_json"}"#
            )
            #expect(reply.status == 200, "\(reply.body)")
            let data = try #require(try reply.object["data"]?.arrayValue).compactMap(\.objectValue)
            let pictures = try data.map { item in
                let text = try #require(item["b64_json"]?.stringValue)
                return try Image(decoding: try #require(Base64.decode(text)), name: "image")
            }
            #expect(pictures.count == 2 && pictures[0] != pictures[1])
            let wrong = try await server.ask(
                "/v1/images/generations",
                #"{"prompt": "A cat.", "size": "100x"}"#
            )
            #expect(try wrong.status == 400 && wrong.error("param") == "size")
        }
    }
}
