import Basics
import Documents
import Foundation
import Layers
import Tensors
import Testing
import Vision
import Vocabulary

@Suite struct ImageTokenizerTests {
    @Test("Codes have the shape of the grid") func codesHaveTheShapeOfTheGrid() throws {
        let tokenizer = try tinyTokenizer().model
        let codes = try tokenizer.encode(squares(3))
        #expect(tokenizer.codesPerImage == 16)
        #expect(codes.map(\.count) == [16, 16, 16])
        #expect(codes.joined().allSatisfy { (0..<16).contains($0) })
        let images = try tokenizer.decode(codes)
        #expect(images.map(\.width) == [16, 16, 16])
        #expect(images.map(\.height) == [16, 16, 16])
    }

    /// Prevents codes of an image that depend on the others of the batch.
    @Test("Images of a batch are independent") func imagesOfABatchAreIndependent() throws {
        let images = squares(5)
        let tokenizer = try tinyTokenizer().model
        // Untrained codes are far from the latents, so every fifth latent becomes a code.
        let vectors = tokenizer.latents(of: tokenizer.pixels(of: images)).reshaped([80, 6])
        let places = Tensor((0..<16).map { $0 * 5 }, [16])
        tokenizer.codebook.weight.copy(from: vectors.selected(0, places))
        let together = try tokenizer.encode(images)
        #expect(try images.map { try tokenizer.encode([$0])[0] } == together)
        #expect(Set(together).count > 1)
    }

    @Test("Nothing becomes nothing") func nothingBecomesNothing() throws {
        let tokenizer = try tinyTokenizer().model
        #expect(try tokenizer.encode([]).isEmpty)
        #expect(try tokenizer.decode([]).isEmpty)
    }

    @Test("Other sizes are cropped and resized") func otherSizesAreCroppedAndResized() throws {
        let tokenizer = try tinyTokenizer().model
        let wide = Image(width: 40, height: 32, fill: .black)
        var framed = wide
        framed.fill(x: 0, y: 0, width: 4, height: 32, .white)
        #expect(try tokenizer.encode([framed]) == tokenizer.encode([wide.square(side: 16)]))
    }

    /// Prevents rows and columns from being mixed up where they are not equally many.
    @Test("Other grids are encoded and decoded as they are")
    func otherGridsAreEncodedAndDecodedAsTheyAre() throws {
        let tokenizer = try tinyTokenizer().model
        let grid = GridSize(height: 2, width: 6)
        let wide = Image(width: 240, height: 80, fill: .black)
        let high = Image(width: 80, height: 240, fill: .black)
        let codes = try tokenizer.encode([wide, high], as: grid)
        #expect(codes.map(\.count) == [12, 12])
        let images = try tokenizer.decode(codes, of: grid)
        #expect(images.map(\.width) == [24, 24])
        #expect(images.map(\.height) == [8, 8])
        // One code alone differs from the next: its place is that of its square of pixels.
        let other = (codes[0][0] + 1) % tokenizer.codeCount
        var changed = codes[0]
        changed[6] = other
        let before = try tokenizer.decode([codes[0]], of: grid)[0]
        let after = try tokenizer.decode([changed], of: grid)[0]
        let differences = (0..<8 * 24).map { place in
            (0..<3).reduce(0) { sum, channel in
                let index = place * 3 + channel
                return sum + abs(Int(before.pixels[index]) - Int(after.pixels[index]))
            }
        }
        func change(_ columns: Range<Int>, _ rows: Range<Int>) -> Int {
            rows.reduce(0) { sum, row in sum + columns.reduce(0) { $0 + differences[row * 24 + $1] }
            }
        }
        // Row 1, column 0 of six columns.
        #expect(change(0..<12, 0..<8) > change(12..<24, 0..<8))
        #expect(throws: VisionError.self) { try tokenizer.decode([changed], of: tokenizer.grid) }
    }

    @Test(
        "Refuses codes",
        arguments: [
            ([0, 1], "2 codes were given; an image has 16"),
            (Array(repeating: 16, count: 16), "there is no image code 16; codes go from 0 to 15"),
            (Array(repeating: -1, count: 16), "there is no image code -1; codes go from 0 to 15"),
        ]
    )
    func refusesCodes(codes: [Int], message: String) throws {
        let tokenizer = try tinyTokenizer().model
        let error = #expect(throws: VisionError.self) { try tokenizer.decode([codes]) }
        #expect(error?.description == message)
    }

    @Test("Opens what it saves") func opensWhatItSaves() throws {
        let path =
            FileManager.default.temporaryDirectory.path
            + "/image-tokenizer-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (tokenizer, store) = try tinyTokenizer()
        try tokenizer.save(to: path, store)
        let opened = try #require(try openImageTokenizer(path) as? ConvVQTokenizer)
        let images = squares(4)
        #expect(opened.config == tokenizer.config)
        #expect(try opened.encode(images) == tokenizer.encode(images))
        let codes = try tokenizer.encode(images)
        #expect(try opened.decode(codes) == tokenizer.decode(codes))
        #expect(throws: Basics.FileError.self) { try tokenizer.save(to: path, store) }
    }
}
