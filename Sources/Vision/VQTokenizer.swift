internal import Basics
package import Documents
package import Tensors

/// An image tokenizer with a network around a codebook, whose codes form a square grid.
package protocol VQTokenizer: ImageTokenizer {
    /// Pixels on each side of an image.
    var imageSize: Int { get }
    /// Codes on each side of an image.
    var gridSize: Int { get }
    /// The vectors of the codes.
    var codebook: Codebook { get }
    /// Bounds the memory: how many images pass the network together.
    var imagesAtOnce: Int { get }
    /// Pixels [B, H, W, 3] from -1 to 1 → the vectors that are to be quantized [B, grid, grid, W].
    func vectors(of pixels: Tensor) -> Tensor
    /// Code vectors [B, grid, grid, W] → pixels [B, H, W, 3], about -1 to 1.
    func pixels(of vectors: Tensor) -> Tensor
}

extension VQTokenizer {
    /// Codes from left to right.
    package var gridWidth: Int { gridSize }
    /// Codes from top to bottom.
    package var gridHeight: Int { gridSize }
    /// The number of different codes.
    package var codeCount: Int { codebook.weight.size(0) }

    /// The codes of each image, row by row from the top left.
    ///
    /// Images of another size are cropped to their middle square and resized.
    package func encode(_ images: [Image]) throws -> [[Int]] {
        try images.inChunks(of: imagesAtOnce) { chunk in
            let codes = try withTorchErrors {
                try withoutGradients {
                    try codebook.nearest(to: vectors(of: pixels(of: chunk))).integers()
                }
            }
            return stride(from: 0, to: codes.count, by: codesPerImage).map {
                Array(codes[$0..<$0 + codesPerImage])
            }
        }
    }

    /// The image of each list of ``ImageTokenizer/codesPerImage`` codes.
    ///
    /// - Throws: ``VisionError`` for a list of another length, for a code that does not exist, and
    ///   where the network only encodes.
    package func decode(_ codes: [[Int]]) throws -> [Image] {
        try checkDecodes()
        for list in codes { try check(list) }
        return try codes.inChunks(of: imagesAtOnce) { chunk in
            try withTorchErrors {
                try withoutGradients {
                    let grid = Tensor(chunk.flatMap(\.self), [chunk.count, gridSize, gridSize])
                    return try pixels(of: codebook.vectors(of: grid)).images()
                }
            }
        }
    }

    /// Images as pixels [B, H, W, 3] from -1 to 1, at this tokenizer's size.
    package func pixels(of images: [Image]) -> Tensor {
        Tensor.pixels(of: images.map(fitting))
    }

    /// The middle square of an image at this tokenizer's size.
    func fitting(_ image: Image) -> Image {
        let fits = image.width == imageSize && image.height == imageSize
        return fits ? image : image.square(side: imageSize)
    }

    private func check(_ codes: [Int]) throws(VisionError) {
        guard codes.count == codesPerImage else {
            throw .codeCount(found: codes.count, expected: codesPerImage)
        }
        if let unknown = codes.first(where: { !(0..<codeCount).contains($0) }) {
            throw .unknownCode(found: unknown, count: codeCount)
        }
    }
}
