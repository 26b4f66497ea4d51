import Documents
import Testing

@Suite struct ImageEditingTests {
    /// Prevents features of CLIP and FID from drifting away from those of the reference pipelines.
    @Test(
        "Resizes as Pillow does",
        arguments: [(12, 12), (64, 48), (37, 10), (5, 29), (1, 1), (74, 58)]
    )
    func resizesAsPillowDoes(width: Int, height: Int) throws {
        let source = try Image(contentsOf: Fixture.url("resized/source.png"))
        for (filter, name) in [(ResizingFilter.bicubic, "bicubic"), (.area, "area")] {
            let golden = try Fixture.bytes("resized/\(name)-\(width)x\(height).rgb")
            let resized = source.resized(width: width, height: height, filter)
            #expect(resized.distance(to: golden) == 0, "\(name)")
        }
    }

    /// Prevents a part that is resized alone from differing from that of the complete result.
    @Test(
        "Resizes parts as the whole",
        arguments: [(64, 48), (37, 10), (5, 29), (74, 58), (200, 7)],
        ResizingFilter.allCases
    )
    func resizesPartsAsTheWhole(size: (width: Int, height: Int), filter: ResizingFilter) throws {
        let source = try Image(contentsOf: Fixture.url("resized/source.png"))
        for (width, height) in [size, (source.width, size.height), (size.width, source.height)] {
            let whole = source.resized(width: width, height: height, filter)
            for (columns, rows) in [
                (0..<width, 0..<height), (2..<5, 1..<4), (width - 1..<width, 0..<2),
                (0..<width, height - 3..<height),
            ] {
                let part = source.resized(
                    width: width,
                    height: height,
                    columns: columns,
                    rows: rows,
                    filter
                )
                let expected = whole.cropped(
                    x: columns.lowerBound,
                    y: rows.lowerBound,
                    width: columns.count,
                    height: rows.count
                )
                #expect(part == expected, "\(width) × \(height), \(columns) × \(rows)")
            }
        }
    }

    @Test("Writes PNG that it reads") func writesPNGThatItReads() throws {
        let image = Image.sample(width: 31, height: 9)
        #expect(try Image(decoding: image.png()) == image)
        let comments = [(keyword: "seed", text: "42"), (keyword: "prompt", text: "ein Kätzchen 🐈")]
        let bytes = image.png(comments: comments)
        #expect(try Image(decoding: bytes) == image)
        let expected = Array("iTXtprompt".utf8) + [0, 0, 0, 0, 0] + Array("ein Kätzchen 🐈".utf8)
        #expect(bytes.indices.contains { bytes[$0...].starts(with: expected) })
        #expect(image.png() == image.png())
    }

    @Test("Crops to the middle") func cropsToTheMiddle() {
        let square = Image.sample(width: 6, height: 3).croppedToSquare()
        #expect(square.width == 3 && square.height == 3)
        #expect(square[0, 0] == Image.sample(width: 6, height: 3)[1, 0])
        #expect(square[2, 2] == Image.sample(width: 6, height: 3)[3, 2])
    }

    @Test("Enlarges by whole numbers") func enlargesByWholeNumbers() {
        let small = Image.sample(width: 3, height: 2)
        let large = small.enlarged(towards: 10)
        #expect(large.width == 9 && large.height == 6)
        #expect(large[8, 5] == small[2, 1] && large[3, 2] == small[1, 0])
        #expect(small.enlarged(towards: 2) == small)
    }

    @Test("Draws overlays and cuts them off") func drawsOverlaysAndCutsThemOff() {
        let red: [UInt8] = [255, 0, 0]
        var image = Image(width: 3, height: 2, fill: .white)
        let overlay = Overlay(
            width: 2,
            height: 2,
            straight: (red + [255]) + (red + [128]) + (red + [0]) + [0, 0, 0, 128]
        )
        image.draw(overlay, x: 0, y: 0)
        #expect(image[0, 0] == Color(0xFF0000))
        #expect(image[1, 0] == Color(0xFF7F7F))
        #expect(image[0, 1] == .white)
        #expect(image[1, 1] == Color(0x7F7F7F))
        #expect(image[2, 0] == .white)

        var corner = Image(width: 3, height: 2, fill: .white)
        corner.draw(overlay, x: 2, y: 1)
        corner.draw(overlay, x: -1, y: -1)
        corner.draw(overlay, x: 100, y: -100)
        #expect(corner[2, 1] == Color(0xFF0000))
        #expect(corner[0, 0] == Color(0x7F7F7F))
    }

    /// Prevents a dark fringe around glyphs: colours of transparent pixels must not mix in.
    @Test("Resizes overlays without fringes") func resizesOverlaysWithoutFringes() {
        let pixels: [UInt8] = [255, 255, 255, 255, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0]
        let small = Overlay(width: 2, height: 2, straight: pixels).resized(
            width: 1,
            height: 1,
            .area
        )
        #expect(small.pixels == [128, 128, 128, 128])
    }

    @Test("Lays out contact sheets") func laysOutContactSheets() {
        let (a, b) = (Image(width: 2, height: 2, fill: .black), Color(0x3366CC))
        let sheet = Image.contactSheet(
            [a, Image(width: 2, height: 1, fill: b), a],
            columns: 2,
            padding: 1
        )
        #expect(sheet.width == 7 && sheet.height == 7)
        #expect(sheet[1, 1] == .black && sheet[4, 1] == b && sheet[1, 4] == .black)
        #expect(sheet[0, 0] == .white && sheet[4, 4] == .white)
    }

    @Test("The middle of an aspect ratio is the largest that fits")
    func theMiddleOfAnAspectRatioIsTheLargestThatFits() {
        for (size, ratio, columns, rows) in [
            ((10, 4), (1, 1), 3..<7, 0..<4), ((4, 10), (64, 64), 0..<4, 3..<7),
            ((10, 4), (2, 1), 1..<9, 0..<4), ((10, 4), (5, 2), 0..<10, 0..<4),
            ((10, 4), (10, 1), 0..<10, 1..<2), ((1, 9), (9, 1), 0..<1, 4..<5),
        ] {
            let image = Image(width: size.0, height: size.1, fill: .black)
            let middle = image.middle(width: ratio.0, height: ratio.1)
            #expect(middle.columns == columns && middle.rows == rows, "\(size) \(ratio)")
        }
    }
}
