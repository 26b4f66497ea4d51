import Basics
import Documents
import Foundation
import JamTesting
import PictureDictionary
import Testing

/// Drawings beside the emoji.
@Suite struct DrawingTests {
    private static let names = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Examples/PictureDictionary/Names").path

    /// Prevents a list with a drawing of two things, or a thing in two lines.
    @Test("The list of names has a line a thing and no drawing twice")
    func list() throws {
        let lines = try String(contentsOfFile: "\(Self.names)/openclipart.txt", encoding: .utf8)
            .split(separator: "\n").filter { !$0.hasPrefix("#") }
        let names = lines.map { $0.prefix { $0 != ":" } }
        #expect(Set(names).count == names.count && names.count > 300)
        let paths = lines.flatMap { $0.split(separator: " ") }.filter { $0.contains("/") }
        #expect(Set(paths).count == paths.count && paths.count > 400)
    }

    @Test("A missing drawing names the package, and a missing list says what to do")
    func missing() {
        let drawings = DrawingSources(clipArt: "/nowhere", names: Self.names)
        let error = #expect(throws: DictionaryError.self) { try PictureBook(drawings: drawings) }
        #expect(error?.description.contains("install the Debian package openclipart-png") == true)
        let lists = DrawingSources(names: "/nowhere")
        #expect(throws: DictionaryError.noNames(path: "/nowhere/openclipart.txt")) {
            try PictureBook(drawings: lists)
        }
    }

    /// Prevents held-out drawings that are the only one or the usual one, or that training shows.
    @Test("Drawings join the emoji of their name, and some are held out")
    func drawings() throws {
        let book = try SharedBook.book
        let cat = try #require(book.concepts.first { $0.name == "cat" })
        #expect(cat.drawings.map(\.source) == [.emoji, .clipArt, .clipArt, .clipArt])
        #expect(cat.definition != nil && cat.trainedDrawings.count == 3)
        let dotted = book.concepts.filter { SharedBook.dotted.contains($0.name) }
        #expect(dotted.count > 40 && dotted.allSatisfy { (2...4).contains($0.drawings.count) })
        #expect(dotted.allSatisfy { $0.heldOutDrawing != 0 })
        #expect(dotted.allSatisfy { $0.heldOutDrawing != nil || $0.drawings.count == 2 })
        let ofTwo = dotted.filter { $0.drawings.count == 2 }
        #expect((3...17).contains(ofTwo.count { $0.heldOutDrawing != nil }), "about half of 20")

        // Cropped, enlarged to the size of a large thing, and blended with white.
        let image = book.painter.image(of: Scene(try #require(dotted.first), drawing: 1))
        let row = 32 * 64 * 3
        #expect(Array(image.pixels[row + 10 * 3..<row + 11 * 3]) == [255, 0, 0])
        #expect(Array(image.pixels[row + 50 * 3..<row + 51 * 3]) == [127, 127, 255])
        #expect(Array(image.pixels[..<3]) == [255, 255, 255])
    }
}
