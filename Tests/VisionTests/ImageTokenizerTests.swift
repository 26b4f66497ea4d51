import Basics
import Documents
import Foundation
import Layers
import Tensors
import Testing
import Vision

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
