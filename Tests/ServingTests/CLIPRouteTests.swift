import Basics
import Documents
import Foundation
import Jam
import JamTesting
import Serving
import Testing

/// What a server does with a CLIP model and a memory bank.
@Suite(.serialized) struct CLIPRouteTests {
    private func vectors(_ reply: TestServer.Reply) throws -> [[Double]] {
        try #require(reply.status == 200, "\(reply.body)")
        return try #require(try reply.object["data"]?.arrayValue).map { item in
            try #require(item.objectValue?["embedding"]?.arrayValue).compactMap { number in
                if case .number(let value) = number { value } else { nil }
            }
        }
    }

    private func cosine(_ first: [Double], _ second: [Double]) -> Double {
        zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private func integer(_ json: JSON?) throws -> Int {
        guard case .integer(let number)? = json else { throw NotANumber() }
        return number
    }

    private struct NotANumber: Error {}

    @Test("Texts and images are embedded, in order") func embeds() async throws {
        let clip = try await CLIPModel(contentsOf: TestServer.models.appending(path: "clip").path)
        try await TestServer.run(clip: clip) { server in
            let image = Image(width: 9, height: 9, pixels: [UInt8](repeating: 40, count: 243))
            let url = DataURL.png(image.png())
            let part = #"{"type": "image_url", "image_url": {"url": "\#(url)"}}"#
            let mixed = try await server.ask(
                "/v1/embeddings",
                #"{"input": ["a cat", \#(part), "a dog"], "model": "clip"}"#
            )
            let three = try vectors(mixed)
            let one = try vectors(try await server.ask("/v1/embeddings", #"{"input": "a dog"}"#))
            let width = await clip.width
            #expect(three.map(\.count) == [width, width, width] && one.count == 1)
            #expect(cosine(one[0], three[2]) > 0.9999)
            #expect(three.allSatisfy { abs(cosine($0, $0) - 1) < 1e-4 })
            #expect(cosine(three[0], three[1]) < 0.99)
            let usage = try #require(try mixed.object["usage"]?.objectValue)
            #expect(try integer(usage["prompt_tokens"]) > 4)

            let encoded = try await server.ask(
                "/v1/embeddings",
                #"{"input": "a dog", "encoding_format": "base64", "dimensions": \#(width)}"#
            )
            let item = try #require(try encoded.object["data"]?.arrayValue?.first?.objectValue)
            let text = try #require(item["embedding"]?.stringValue)
            let bytes = try #require(Base64.decode(text))
            let floats = stride(from: 0, to: bytes.count, by: 4).map { start in
                Float(
                    bitPattern: bytes[start..<start + 4].reversed().reduce(0) {
                        $0 << 8 | UInt32($1)
                    }
                )
            }
            #expect(floats.map(Double.init) == one[0])

            let models = try await server.ask("/v1/models")
            #expect(models.body.contains(#""id": "clip""#) || models.body.contains(#""id":"clip""#))
            #expect(try await server.ask("/v1/models/clip").object["dimensions"] == .integer(width))
            let model = try await server.ask("/v1/models/dictionary").object
            #expect(model["max_candidates"] == 16 && model["max_retrieval"] == 0)
        }
    }

    @Test("Wrong inputs of embeddings are refused in one line") func wrongInputs() async throws {
        let clip = try await CLIPModel(contentsOf: TestServer.models.appending(path: "clip").path)
        try await TestServer.run(clip: clip) { server in
            let many = Array(repeating: "\"a\"", count: 257).joined(separator: ", ")
            for (body, param, status) in [
                (#"{}"#, "input", 400), (#"{"input": []}"#, "input", 400),
                (#"{"input": [1, 2]}"#, "input[0]", 400),
                (#"{"input": [[1]]}"#, "input[0]", 400), ("{\"input\": [\(many)]}", "input", 400),
                (#"{"input": ["a", {"type": "text"}]}"#, "input[1].type", 400),
                (
                    #"{"input": [{"type": "image_url", "image_url": {"url": "http://a"}}]}"#,
                    "input[0].image_url.url", 400
                ),
                (#"{"input": [{"type": "image_url", "a": 1}]}"#, "input[0].image_url", 400),
                (#"{"input": "a", "encoding_format": "text"}"#, "encoding_format", 400),
                (#"{"input": "a", "dimensions": 1}"#, "dimensions", 400),
                (#"{"input": "a", "model": "dictionary"}"#, "model", 404),
            ] {
                let reply = try await server.ask("/v1/embeddings", body)
                #expect(reply.status == status, "\(body)")
                #expect(try reply.error("param") == param, "\(reply.body)")
            }
        }
        try await TestServer.run { server in
            let reply = try await server.ask("/v1/embeddings", #"{"input": "a"}"#)
            #expect(try reply.status == 404 && reply.error("code") == "model_not_found")
        }
    }

    /// Prevents candidates that are made for nothing, and one that is chosen by chance.
    @Test("Of several candidates the answer is the one that fits best") func candidates()
        async throws
    {
        let clip = try await CLIPModel(contentsOf: TestServer.models.appending(path: "clip").path)
        try await TestServer.run(clip: clip) { server in
            let ask =
                #""messages": [{"role": "user", "content": "Draw a cat."}], "min_images": 1, "max_images": 1, "max_tokens": 0, "image_temperature": 5, "image_top_p": 1, "guidance": 1"#
            var urls: [String] = []
            var usage: [[Int]] = []
            for seed in 3..<6 {
                let reply = try await server.ask(
                    "/v1/chat/completions",
                    "{\(ask), \"seed\": \(seed)}"
                )
                urls.append(try url(of: reply))
                usage.append(try tokens(of: reply))
            }
            #expect(Set(urls).count == 3)
            let parts = urls.map { #"{"type": "image_url", "image_url": {"url": "\#($0)"}}"# }
            let embedded = try vectors(
                try await server.ask(
                    "/v1/embeddings",
                    #"{"input": ["Draw a cat.", \#(parts.joined(separator: ", "))]}"#
                )
            )
            let fits = embedded.dropFirst().map { cosine(embedded[0], $0) }
            let best = try #require(fits.indices.max { fits[$0] < fits[$1] })
            let chosen = try await server.ask(
                "/v1/chat/completions",
                "{\(ask), \"seed\": 3, \"candidates\": 3}"
            )
            #expect(try url(of: chosen) == urls[best])
            #expect(try integer(try chosen.object["seed"]) == 3 + best)
            // The prompt once, and what was generated for all candidates.
            let generated = usage.reduce(0) { $0 + $1[1] }
            #expect(usage.allSatisfy { $0[0] == usage[0][0] && $0[1] >= 64 })
            let counted = try tokens(of: chosen)
            #expect(counted == [usage[0][0], generated, usage[0][0] + generated])

            let drawn = try await server.ask(
                "/v1/images/generations",
                #"{"prompt": "Draw a cat.", "seed": 3, "n": 2, "candidates": 3, "image_temperature": 5, "image_top_p": 1, "guidance": 1}"#
            )
            let images = try #require(try drawn.object["data"]?.arrayValue)
            #expect(images.count == 2)
            let drawnUsage = try #require(try drawn.object["usage"]?.objectValue)
            #expect(try integer(drawnUsage["output_tokens"]) == 6 * 64)
            #expect(try integer(drawnUsage["input_tokens"]) == usage[0][0])
            let first = try #require(images[0].objectValue?["b64_json"]?.stringValue)
            #expect("data:image/png;base64," + first == urls[best])
        }
    }

    private func tokens(of reply: TestServer.Reply) throws -> [Int] {
        let usage = try #require(try reply.object["usage"]?.objectValue)
        return try ["prompt_tokens", "completion_tokens", "total_tokens"]
            .map { try integer(usage[$0]) }
    }

    private func url(of reply: TestServer.Reply) throws -> String {
        let choice = try #require(try reply.object["choices"]?.arrayValue?.first?.objectValue)
        let images = try #require(choice["message"]?.objectValue?["images"]?.arrayValue)
        return try #require(
            images.first?.objectValue?["image_url"]?.objectValue?["url"]?.stringValue
        )
    }

    /// Prevents documents that are found and not read, or read although nobody wants them.
    @Test("Documents of a memory bank precede a prompt, unless a request says otherwise")
    func retrieves() async throws {
        let scratch = try ScratchFolder()
        let texts = ["a cat is an animal", "a volcano is a mountain", "a cat has fur"]
        try scratch.write(
            "a.jsonl",
            Array(texts.map { "{\"text\": \"\($0)\"}\n" }.joined().utf8)
        )
        let folder = TestServer.models.appending(path: "clip").path
        for try await _ in MemoryBank.build(
            at: scratch.file("bank"),
            clip: folder,
            shards: [scratch.file("a.jsonl")]
        ) {}
        let clip = try await CLIPModel(contentsOf: folder)
        let bank = try await MemoryBank(contentsOf: scratch.file("bank"), clip: clip)
        try await TestServer.run(clip: clip, bank: bank) { server in
            func read(_ more: String, _ path: String = "/v1/chat/completions") async throws -> (
                prompt: Int, documents: Int
            ) {
                let asked =
                    path == "/v1/responses"
                    ? #""input": "What is a cat?", "max_output_tokens": 1"#
                    : #""messages": [{"role": "user", "content": "What is a cat?"}], "max_tokens": 1"#
                let reply = try await server.ask(
                    path,
                    "{\(asked), \"max_images\": 0, \"seed\": 1\(more)}"
                )
                let usage = try #require(try reply.object["usage"]?.objectValue)
                let found = try reply.object["retrieved_documents"]
                return (
                    try integer(usage["prompt_tokens"] ?? usage["input_tokens"]),
                    try found.map { try integer($0) } ?? 0
                )
            }
            let model = try await server.ask("/v1/models/dictionary").object
            #expect(model["max_candidates"] == 16 && model["max_retrieval"] == 64)
            let none = try await read(#", "retrieval": 0"#)
            let two = try await read("")
            let one = try await read(#", "retrieval": 1"#)
            #expect(none.documents == 0 && one.documents == 1 && two.documents == 2)
            #expect(none.prompt < one.prompt && one.prompt < two.prompt)
            #expect(try await read("", "/v1/responses").prompt == two.prompt)
            #expect(try await read(#", "retrieval": 0"#, "/v1/responses").prompt == none.prompt)
            let stream = try await server.ask(
                "/v1/chat/completions",
                #"{"messages": [{"role": "user", "content": "What is a cat?"}], "max_tokens": 1, "stream": true}"#
            )
            #expect(try stream.events.contains { $0["retrieved_documents"] == 2 })
        }
    }

    @Test(
        "What a server has no CLIP model or bank for is refused",
        arguments: [
            (#""candidates": 2"#, "candidates", "no CLIP model", false),
            (#""candidates": 0"#, "candidates", "too small", false),
            (#""candidates": 17"#, "candidates", "too large", true),
            (#""candidates": 2, "stream": true"#, "candidates", "a stream", true),
            (#""candidates": 2, "max_images": 0"#, "candidates", "no images", true),
            (#""retrieval": 1"#, "retrieval", "no memory bank", true),
            (#""retrieval": 65"#, "retrieval", "too large", true),
        ]
    )
    func refuses(member: String, param: String, words: String, hasCLIP: Bool) async throws {
        let folder = TestServer.models.appending(path: "clip").path
        let clip = hasCLIP ? try await CLIPModel(contentsOf: folder) : nil
        try await TestServer.run(clip: clip) { server in
            let reply = try await server.ask(
                "/v1/chat/completions",
                #"{"messages": [{"role": "user", "content": "Draw a cat."}], \#(member)}"#
            )
            #expect(try reply.status == 400 && reply.error("param") == param, "\(reply.body)")
            #expect(reply.body.contains(words))
        }
    }
}
