import Documents
import Foundation
import Testing
import ToolSupport

@Suite struct SixelTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// Prevents images that terminals show in other colors, at other places, or not at all; libsixel
    /// has decoded the files.
    @Test("Sixel graphics are what libsixel decodes", arguments: ["few", "many"])
    func graphicsAreDecoded(name: String) throws {
        let image = try Image(contentsOf: Self.folder.appending(path: "\(name).png"))
        let indexed = IndexedImage(image)
        let file = Self.folder.appending(path: "\(name).six")
        if ProcessInfo.processInfo.environment["JAM_RECORD"] != nil {
            try Data(indexed.sixel.utf8).write(to: file)
        }
        #expect(try Data(contentsOf: file) == Data(indexed.sixel.utf8))
        let decoded = try Image(contentsOf: Self.folder.appending(path: "\(name).decoded.png"))
        let isSame = decoded == indexed.image
        #expect(isSame)
    }

    @Test("An image of few colors keeps them") func fewColorsAreKept() throws {
        let image = try Image(contentsOf: Self.folder.appending(path: "few.png"))
        let indexed = IndexedImage(image)
        #expect(indexed.colors.count == 4)
        // A percent is 2.55.
        #expect(zip(indexed.image.pixels, image.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }

    /// Prevents a palette that is far from the image: that of img2sixel has an error of 9.05.
    @Test("256 colors are near to many") func manyColorsAreNear() throws {
        let image = try Image(contentsOf: Self.folder.appending(path: "many.png"))
        let indexed = IndexedImage(image)
        #expect(indexed.colors.count == 256)
        let squares = zip(indexed.image.pixels, image.pixels).map { pair in
            let difference = Double(pair.0) - Double(pair.1)
            return difference * difference
        }
        let error = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
        #expect(error < 8.5, "\(error)")
    }

    /// Prevents errors that are lost instead of spread: each part would be one gray or the other.
    @Test("A gradient of two grays is both, in their shares") func dithers() {
        var image = Image(width: 256, height: 64, fill: .black)
        for row in 0..<64 {
            for column in 0..<256 { image[column, row] = Color(UInt32(column) * 0x1_0101) }
        }
        let indexed = IndexedImage(image, colorLimit: 2)
        #expect(indexed.colors == [Color(0x404040), Color(0xC0C0C0)])
        for start in stride(from: 80, to: 176, by: 16) {
            let part = indexed.image.cropped(x: start, y: 0, width: 16, height: 64)
            let mean = part.pixels.reduce(0.0) { $0 + Double($1) } / Double(part.pixels.count)
            #expect(abs(mean - (Double(start) + 7.5)) < 4, "\(start): \(mean)")
        }
    }

    @Test("Lines are runs without what is empty at their end") func runs() {
        var image = Image(width: 6, height: 7, fill: .black)
        image[0, 0] = .white
        for column in 2..<6 { image[column, 1] = .white }
        let expected =
            "\u{1B}P0;1;0q\"1;1;6;7#0;2;0;0;0#1;2;100;100;100"
            // 63 + 62 and 63, four times 61; white on top of that.
            + "#0}~!4|$#1@?!4A-#0!6@\u{1B}\\"
        #expect(IndexedImage(image).sixel == expected)
    }
}

extension IndexedImage {
    /// The image as it is shown, its colors in whole percents.
    fileprivate var image: Image {
        func shown(_ value: UInt8) -> UInt8 {
            let percent = (Int(value) * 100 + 127) / 255
            return UInt8((percent * 255 + 50) / 100)
        }
        let pixels = indices.flatMap { index in
            let color = colors[Int(index)]
            return [shown(color.red), shown(color.green), shown(color.blue)]
        }
        return Image(width: width, height: height, pixels: pixels)
    }
}
