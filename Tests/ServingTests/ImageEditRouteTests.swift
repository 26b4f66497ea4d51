import Basics
import Documents
import Foundation
import Jam
import Serving
import Testing

/// Images that are changed, by forms as OpenAI's client sends them.
@Suite(.serialized) struct ImageEditRouteTests {
    /// A field of a form.
    private enum Field {
        case text(String, String)
        case file(String, [UInt8])
    }

    private func ask(
        _ server: TestServer,
        _ fields: [Field],
        headers: [String] = []
    ) async throws -> TestServer.Reply {
        var body: [UInt8] = []
        for field in fields {
            body += Array("--b0\r\nContent-Disposition: form-data; ".utf8)
            switch field {
            case .text(let name, let text):
                body += Array("name=\"\(name)\"\r\n\r\n\(text)".utf8)
            case .file(let name, let bytes):
                body += Array("name=\"\(name)\"; filename=\"a\"\r\n\r\n".utf8) + bytes
            }
            body += Array("\r\n".utf8)
        }
        body += Array("--b0--\r\n".utf8)
        let head =
            ["POST /v1/images/edits HTTP/1.1", "Host: localhost", "Connection: close"] + headers + [
                "Content-Type: multipart/form-data; boundary=\"b0\"",
                "Content-Length: \(body.count)", "", "",
            ]
        return try await server.send(Array(head.joined(separator: "\r\n").utf8) + body)
    }

    /// A picture of the model, as it draws it.
    private func drawn(_ server: TestServer) async throws -> Image {
        let reply = try await server.ask(
            "/v1/images/generations",
            #"{"prompt": "Draw a cat.", "seed": 1}"#
        )
        return try images(of: reply)[0]
    }

    private func images(of reply: TestServer.Reply) throws -> [Image] {
        try #require(reply.status == 200, "\(reply.body)")
        return try #require(try reply.object["data"]?.arrayValue).map { item in
            let text = try #require(item.objectValue?["b64_json"]?.stringValue)
            return try Image(decoding: try #require(Base64.decode(text)))
        }
    }

    /// Whether two images of the model's size differ at most in a rectangle.
    private func isSame(
        _ image: Image,
        _ other: Image,
        outside columns: Range<Int>,
        _ rows: Range<Int>
    ) -> Bool {
        guard image.width == 64, image.height == 64 else { return false }
        return (0..<64 * 64).allSatisfy { place in
            let (x, y) = (place % 64, place / 64)
            return columns.contains(x) && rows.contains(y) || image[x, y] == other[x, y]
        }
    }

    /// A PNG file with gray and alpha that is transparent in a rectangle.
    private func mask(
        _ width: Int,
        _ height: Int,
        transparent region: ImageRegion?,
        alpha: UInt8 = 0,
        orientation: UInt8 = 1
    ) -> [UInt8] {
        var rows: [UInt8] = []
        for row in 0..<height {
            rows.append(0)
            for column in 0..<width {
                let isIn = region.map { $0.rows.contains(row) && $0.columns.contains(column) }
                rows += [128, isIn == true ? alpha : 255]
            }
        }
        return PNGMaker.file(
            width: width,
            height: height,
            colorType: 4,
            orientation: orientation,
            scanlines: rows
        )
    }

    /// Prevents an edit that changes what the mask keeps, or leaves what it opens.
    @Test("A mask's transparent pixels are drawn again, and no others") func masks() async throws {
        try await TestServer.run { server in
            let image = try await drawn(server)
            let region = try #require(ImageRegion(x: 16, y: 24, width: 20, height: 9))
            let mask = mask(64, 64, transparent: region)
            let fields: [Field] = [
                .file("image", image.png()), .file("mask", mask), .text("prompt", "dog"),
                .text("n", "2"), .text("seed", "3"), .text("image_temperature", "5"),
                .text("image_top_p", "1"), .text("guidance", "1"), .text("size", "auto"),
                .text("response_format", "b64_json"), .text("input_fidelity", "high"),
            ]
            let edited = try images(of: try await ask(server, fields))
            #expect(edited.count == 2 && edited[0] != edited[1])
            // The codes of eight pixels that the region touches.
            #expect(edited.allSatisfy { isSame($0, image, outside: 16..<40, 24..<40) })
            #expect(!edited.contains(image))

            // The same as JSON.
            let json = try await server.ask(
                "/v1/images/edits",
                """
                {"images": [{"image_url": "\(DataURL.png(image.png()))"}], "prompt": "dog", "n": 2,
                 "mask": {"image_url": "\(DataURL.png(mask))"}, "seed": 3,
                 "image_temperature": 5, "image_top_p": 1, "guidance": 1}
                """
            )
            #expect(try images(of: json) == edited)
        }
    }

    /// Prevents a mask that opens another place than the one that it shows.
    @Test("A mask is turned as its orientation says") func turnedMasks() async throws {
        try await TestServer.run { server in
            let image = try await drawn(server)
            let region = try #require(ImageRegion(x: 0, y: 0, width: 8, height: 16))
            let reply = try await ask(
                server,
                [
                    .file("image", image.png()), .text("prompt", "dog"), .text("seed", "3"),
                    .file("mask", mask(64, 64, transparent: region, orientation: 6)),
                    .text("image_temperature", "5"), .text("image_top_p", "1"),
                    .text("guidance", "1"),
                ]
            )
            let edited = try images(of: reply)[0]
            #expect(isSame(edited, image, outside: 48..<64, 0..<8) && edited != image)
        }
    }

    /// Prevents a server whose usual guidance suits other requests from refusing all masks.
    @Test("A server that guides by images draws parts again, too") func guidedByImages()
        async throws
    {
        try await TestServer.run(
            changing: { $0.answers.guidance = .editing(text: 2, image: 1.2) }
        ) { server in
            let image = try await drawn(server)
            let region = try #require(ImageRegion(x: 0, y: 0, width: 8, height: 8))
            let reply = try await ask(
                server,
                [
                    .file("image", image.png()), .text("prompt", "a cat"),
                    .file("mask", mask(64, 64, transparent: region)),
                ]
            )
            #expect(try images(of: reply).count == 1)
        }
    }

    @Test("Without a mask an image is drawn after it was seen") func unmasked() async throws {
        try await TestServer.run { server in
            let image = try await drawn(server)
            let reply = try await ask(
                server,
                [
                    .file("image[]", image.png()), .text("prompt", "Draw it again."),
                    .text("seed", "1"),
                ]
            )
            #expect(try images(of: reply).count == 1)
            let usage = try #require(try reply.object["usage"]?.objectValue)
            // It was seen: its codes are among the prompt's tokens.
            guard case .integer(let count)? = usage["input_tokens"] else {
                Issue.record("no number")
                return
            }
            #expect(count > 64)
        }
    }

    /// Prevents a stream that ends in another image than the whole answer.
    @Test("Streams show the image as it is drawn", arguments: [true, false])
    func streams(isEdit: Bool) async throws {
        try await TestServer.run { server in
            let image = try await drawn(server)
            var fields: [Field] = [.text("prompt", "Draw a dog."), .text("seed", "3")]
            let path = "/v1/images/generations"
            let body = #"{"prompt": "Draw a dog.", "seed": 3"#
            var whole: Image?
            var stream: TestServer.Reply?
            let streamed: [Field] = [.text("stream", "true"), .text("partial_images", "3")]
            if isEdit {
                let region = try #require(ImageRegion(x: 0, y: 0, width: 64, height: 64))
                fields += [
                    .file("image", image.png()),
                    .file("mask", mask(64, 64, transparent: region)),
                ]
                whole = try images(of: try await ask(server, fields))[0]
                stream = try await ask(server, fields + streamed)
            } else {
                whole = try images(of: try await server.ask(path, body + "}"))[0]
                stream = try await server.ask(
                    path,
                    body + #", "stream": true, "partial_images": 3}"#
                )
            }
            let name = isEdit ? "image_edit" : "image_generation"
            let reply = try #require(stream)
            let events = try reply.events
            #expect(
                events.map { $0["type"]?.stringValue }
                    == Array(repeating: "\(name).partial_image", count: 3) + ["\(name).completed"]
            )
            #expect(reply.body.contains("event: \(name).completed\ndata: {"))
            let shown = try events.map { event in
                let text = try #require(event["b64_json"]?.stringValue)
                return try Image(decoding: try #require(Base64.decode(text)))
            }
            #expect(shown.last == whole)
            #expect(Set(shown).count == 4)
        }
    }

    @Test("Wrong forms are refused in one line") func wrongForms() async throws {
        try await TestServer.run { server in
            let image = Image(width: 64, height: 64, pixels: [UInt8](repeating: 9, count: 12288))
            let (png, prompt) = (Field.file("image", image.png()), Field.text("prompt", "a"))
            let all = try #require(ImageRegion(x: 0, y: 0, width: 32, height: 32))
            let good = Field.file("mask", mask(64, 64, transparent: all))
            let table: [([Field], String, String)] = [
                ([prompt], "image", "is missing"), ([png], "prompt", "is missing"),
                ([prompt, png, .file("mask", mask(32, 64, transparent: all))], "mask", "32×64"),
                ([prompt, png, .file("mask", mask(64, 64, transparent: nil))], "mask", "no fully"),
                (
                    [prompt, png, .file("mask", mask(64, 64, transparent: all, alpha: 1))], "mask",
                    "no fully"
                ),
                ([prompt, png, .file("mask", image.png())], "mask", "no fully"),
                ([prompt, png, .file("mask", Array("GIF89a".utf8))], "mask", "PNG"),
                ([prompt, png, .text("mask", "a")], "mask", "file of a form"),
                ([prompt, .file("image", [1, 2, 3])], "image", "is not an image"),
                ([prompt, png, png, good], "mask", "one mask of one image"),
                ([prompt, png, good, good], "mask", "one mask of one image"),
                ([prompt, png, good, .text("size", "64x64")], "size", "model's size"),
                ([prompt, png, .text("n", "11")], "n", "too large"),
                ([prompt, png, .text("n", "2"), .text("stream", "true")], "n", "one image"),
                ([prompt, png, .text("n", "two")], "n", "an integer"),
                ([prompt, prompt, png], "prompt", "twice"),
                ([prompt, png, .file("imagee", [1])], "imagee", "files are image, mask"),
                ([prompt, png, .text("promt", "a")], "promt", "did you mean"),
                ([prompt, png, .text("model", "b")], "model", "is not here"),
                (Array(repeating: png, count: 17) + [prompt], "image", "at most 16"),
            ]
            for (fields, param, words) in table {
                let reply = try await ask(server, fields)
                #expect(reply.status == (param == "model" ? 404 : 400), "\(words)")
                #expect(try reply.error("param") == param, "\(reply.body)")
                #expect(try reply.error("message")?.contains(words) == true, "\(reply.body)")
            }
            // A file whose header promises more than may be decoded.
            let vast = PNGMaker.file(width: 100_000, height: 100_000, colorType: 4, scanlines: [0])
            for fields in [[prompt, .file("image", vast)], [prompt, png, .file("mask", vast)]] {
                let reply = try await ask(server, fields)
                #expect(reply.status == 400 && reply.body.contains("too large"))
            }
            // Of a wide image the model sees the middle.
            let wide = Image(width: 64, height: 8, pixels: [UInt8](repeating: 9, count: 1536))
            let edge = try #require(ImageRegion(x: 0, y: 0, width: 8, height: 8))
            let unseen = try await ask(
                server,
                [
                    prompt, .file("image", wide.png()),
                    .file("mask", mask(64, 8, transparent: edge)),
                ]
            )
            #expect(try unseen.status == 400 && unseen.error("param") == "mask")
            #expect(try await server.ask("/health").status == 200)
        }
    }

    /// Prevents web sites whose forms make the server work: browsers send forms without asking.
    @Test("Forms of other web sites are refused") func otherSites() async throws {
        try await TestServer.run { server in
            for (origin, status) in [
                ("http://localhost", 400), ("https://localhost", 400), ("http://evil.example", 403),
                ("http://localhost:99", 403), ("null", 403),
            ] {
                let reply = try await ask(server, [], headers: ["Origin: \(origin)"])
                #expect(reply.status == status, "\(origin)")
            }
            for (type, status) in [
                ("multipart/form-data", 400), ("multipart/form-data; boundary=", 400),
                ("text/plain", 415), ("application/x-www-form-urlencoded", 415),
            ] {
                let reply = try await server.ask(
                    "/v1/images/edits",
                    "--b--",
                    headers: ["Content-Type: \(type)"]
                )
                #expect(reply.status == status, "\(type)")
            }
        }
    }
}
