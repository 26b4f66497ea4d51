import Basics
import Documents
import Foundation
import JamTesting
import Testing

@Suite struct DocumentTests {
    let conversation = Document([
        .image(.sample(), role: .user),
        .text("What is \"this\"?", role: .user),
        .text("A cat.", role: .assistant),
    ])

    @Test("Is built from literals and parts") func isBuiltFromLiteralsAndParts() {
        let name = "cat"
        var document: Document = "A \(name)."
        document.append(.sample())
        document.append("The end.")
        document.append(["And more."] as Document)
        #expect(document.texts == ["A cat.", "The end.", "And more."])
        #expect(document.text == "A cat.\nThe end.\nAnd more.")
        #expect(document.images == [.sample()])
        #expect(document.segments.allSatisfy { $0.role == nil })
    }

    /// Prevents that what `Codable` and the JSON text write differ, so that neither reads the other.
    @Test("Encodes as its JSON") func encodesAsItsJSON() throws {
        let data = try JSONEncoder().encode(conversation)
        let text = String(decoding: data, as: UTF8.self)
        #expect(try Document(jsonString: text) == conversation)
        let own = Data(conversation.jsonString.utf8)
        #expect(try JSONDecoder().decode(Document.self, from: own) == conversation)
        #expect(try Document(jsonString: conversation.jsonString) == conversation)
        let chat = #"{"messages":[{"role":"user","content":"Hi"}]}"#
        #expect(try Document(jsonString: chat) == Document([.text("Hi", role: .user)]))
    }

    /// Prevents that what an image shows is lost on the way to a file and back.
    @Test("Keeps alternative texts") func keepsAlternativeTexts() throws {
        let document = Document([
            .text("Draw a <cat>.", role: .user),
            .image(.sample(), altText: "A picture of \"a <cat>\"", role: .assistant),
        ])
        let coded = try JSONEncoder().encode(document)
        #expect(try JSONDecoder().decode(Document.self, from: coded) == document)
        #expect(try Document(jsonString: document.jsonString) == document)
        #expect(try Document(parsingLine: document.lineJSON.text().utf8, source: "a") == document)
        let pair = Document([.text("a"), .image(.sample(), altText: "b")])
        for document in [document, pair] {
            let scratch = try ScratchFolder()
            let file = scratch.path + "/a.tar"
            var writer = try WebDatasetWriter(to: URL(filePath: file))
            try writer.write(document)
            try writer.finish()
            let shard = try DocumentShard(contentsOf: URL(filePath: file))
            #expect(try shard.documents().collect() == [document])
        }
        #expect(
            document.html().contains("alt=\"A picture of &quot;a &lt;cat&gt;&quot;\"")
        )
        #expect(document.markdown().contains("![A picture of \"a &lt;cat&gt;\"](data:image/png"))
        let lines = Document([.image(.sample(), altText: "a\n\ncat")])
        #expect(lines.markdown().hasPrefix("![a cat](data:"))
        let plain = Document([.image(.sample())]).jsonString
        let null = plain.replacing("\"png\"", with: "\"alt_text\":null,\"png\"")
        #expect(null != plain)
        #expect(try Document(jsonString: null).segments[0].altText == nil)
    }

    @Test("Refuses malformed JSON") func refusesMalformedJSON() {
        for text in [
            #"{"segments":[{"type":"image","png":"!"}]}"#,
            #"{"segments":[{"type":"image","png":"aGVsbG8="}]}"#,
            #"{"segments":[{"type":"sound"}]}"#, #"{"segments":[{"type":"text"}]}"#,
            #"{"segments":[{"type":"text","text":"a","role":"nobody"}]}"#, "[]", "",
        ] {
            #expect(throws: (any Error).self) { try Document(jsonString: text) }
            #expect(throws: (any Error).self) {
                try JSONDecoder().decode(Document.self, from: Data(text.utf8))
            }
        }
    }

    @Test("Writes images as PNG") func writesImagesAsPNG() throws {
        let image = Image.sample(width: 7, height: 3)
        #expect(try Image(data: image.pngData()) == image)
        #expect(throws: (any Error).self) { try Image(data: Data("GIF89a".utf8)) }
    }

    @Test("Renders itself") func rendersItself() {
        #expect(conversation.html(title: "A & B").contains("<h1>A &amp; B</h1>"))
        #expect(
            conversation.markdown().hasPrefix("**You**\n\n![image of 5×4 pixels](data:image/png")
        )
        #expect(conversation.markdown().hasSuffix("**Answer**\n\nA cat.\n"))
    }
}
