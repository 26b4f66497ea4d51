import Basics
import Foundation
import Serving
import Testing

/// Texts that are continued, by a model with a chat template.
@Suite(.serialized) struct CompletionRouteTests {
    private static func choice(_ object: JSON.Object) -> JSON.Object? {
        object["choices"]?.arrayValue?.first?.objectValue
    }

    /// Prevents a text from being read as a question, and a stream that tells another story.
    @Test("A text goes on where it ends, streamed or not") func continues() async throws {
        try await TestServer.run { server in
            let asked =
                #"{"prompt": "A cat is a small", "max_tokens": 8, "seed": 1, "temperature": 0"#
            let whole = try await server.ask("/v1/completions", asked + "}")
            #expect(whole.status == 200, "\(whole.body)")
            #expect(try whole.object["object"] == "text_completion")
            let choice = try #require(Self.choice(try whole.object))
            let text = try #require(choice["text"]?.stringValue)
            // The tokens of the prompt and one that begins every document; a conversation has more.
            let usage = try #require(try whole.object["usage"]?.objectValue)
            guard case .integer(let prompt)? = usage["prompt_tokens"],
                case .integer(let made)? = usage["completion_tokens"]
            else {
                Issue.record("no numbers")
                return
            }
            let question = try await server.ask(
                "/v1/chat/completions",
                #"{"messages": [{"role": "user", "content": "A cat is a small"}], "max_tokens": 1, "max_images": 0}"#
            )
            let questionUsage = try #require(try question.object["usage"]?.objectValue)
            guard case .integer(let longer)? = questionUsage["prompt_tokens"] else {
                Issue.record("no number")
                return
            }
            #expect(prompt < longer)
            #expect((1...8).contains(made) && text.hasPrefix(" "), "\(text)")

            let inArray = try await server.ask(
                "/v1/completions",
                asked.replacing(#""A cat is a small""#, with: #"["A cat is a small"]"#) + "}"
            )
            #expect(Self.choice(try inArray.object)?["text"]?.stringValue == text)

            let stream = try await server.ask(
                "/v1/completions",
                asked + #", "stream": true, "stream_options": {"include_usage": true}}"#
            )
            #expect(stream.body.hasSuffix("data: [DONE]\n\n"))
            let choices = try stream.events.compactMap(Self.choice)
            #expect(choices.compactMap { $0["text"]?.stringValue }.joined() == text)
            #expect(choices.count > 2)
            #expect(choices.last?["finish_reason"] == choice["finish_reason"])
            // The prompt has been read but for its last token, which begins an answer.
            var again = usage
            again["prompt_tokens_details"] = ["cached_tokens": .integer(prompt - 1)]
            #expect(try stream.events.last?["usage"] == .object(again))
        }
    }

    @Test(
        "A wrong member is named, with status 400",
        arguments: [
            (#""prompt": ["a", "b"]"#, "prompt"), (#""prompt": [1, 2]"#, "prompt"),
            (#""prompt": []"#, "prompt"), (#""prompt": {}"#, "prompt"),
            (#""prompt": "a", "n": 2"#, "n"), (#""prompt": "a", "best_of": 2"#, "best_of"),
            (#""prompt": "a", "logprobs": 0"#, "logprobs"),
            (#""prompt": "a", "echo": true"#, "echo"),
            (#""prompt": "a", "suffix": "b""#, "suffix"), (#""prompt": "a", "stop": "b""#, "stop"),
            (#""prompt": "a", "min_images": 1"#, "min_images"), (#""model": null"#, "prompt"),
        ]
    )
    func wrongMembersAreNamed(member: String, param: String) async throws {
        try await TestServer.run { server in
            let reply = try await server.ask("/v1/completions", "{\(member)}")
            #expect(reply.status == 400, "\(reply.body)")
            #expect(try reply.error("param") == param)
        }
    }

    /// Prevents a stream with status 200 that only says that it cannot be.
    @Test(
        "What is too long for the context is refused before a stream begins",
        arguments: [
            ("/v1/completions", #"{"prompt": "TEXT", "stream": true}"#),
            (
                "/v1/chat/completions",
                #"{"messages": [{"role": "user", "content": "TEXT"}], "stream": true}"#
            ),
            ("/v1/responses", #"{"input": "TEXT", "stream": true}"#),
        ]
    )
    func tooLong(path: String, body: String) async throws {
        try await TestServer.run { server in
            let long = String(repeating: "a ", count: 2000)
            let reply = try await server.ask(path, body.replacing("TEXT", with: long))
            #expect(reply.status == 400)
            #expect(reply.head.lowercased().contains("content-type: application/json"))
            #expect(try reply.error("code") == "context_length_exceeded")
            let unfinished = try await server.ask("/metrics").body
            #expect(unfinished.contains("jam_requests_unfinished 0\n"))
        }
    }

    @Test("How wordy an answer shall be is passed over") func verbosity() async throws {
        try await TestServer.run { server in
            func ask(_ text: String) async throws -> TestServer.Reply {
                try await server.ask(
                    "/v1/responses",
                    #"{"input": "What is a cat?", "max_output_tokens": 1, "text": \#(text)}"#
                )
            }
            #expect(
                try await ask(#"{"verbosity": "low", "format": {"type": "text"}}"#).status == 200
            )
            let json = try await ask(#"{"format": {"type": "json_object"}}"#)
            #expect(try json.status == 400 && json.error("param") == "text.format")
            let other = try await ask(#"{"tone": "low"}"#)
            #expect(try other.status == 400 && other.error("param") == "text.tone")
        }
    }
}
