import Documents
import Foundation
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
