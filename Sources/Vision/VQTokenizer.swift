internal import Basics
package import Documents
package import Tensors

/// An image tokenizer with a codebook and a square grid of codes.
package protocol VQTokenizer: ImageTokenizer {
    /// The side length of an image in pixels.
    var imageSize: Int { get }
    /// The side length of the grid of codes.
    var gridSize: Int { get }
    var codebook: Codebook { get }
    /// The number of images per forward pass, which bounds the memory.
    var batchSize: Int { get }
    /// Encodes pixels [B, H, W, 3] from -1 to 1, before quantization → [B, grid, grid, W].
    func latents(of pixels: Tensor) -> Tensor
    /// Decodes code vectors [B, grid, grid, W] → [B, H, W, 3], about -1 to 1.
    func pixels(of vectors: Tensor) -> Tensor
}

extension VQTokenizer {
    package var gridWidth: Int { gridSize }
    package var gridHeight: Int { gridSize }
    package var codeCount: Int { codebook.weight.size(0) }

    package func encode(_ images: [Image]) throws -> [[Int]] {
        try images.inChunks(of: batchSize) { chunk in
            let codes = try withTorchErrors {
                try withoutGradients {
                    try codebook.nearest(to: latents(of: pixels(of: chunk))).integers()
                }
            }
            return stride(from: 0, to: codes.count, by: codesPerImage).map {
                Array(codes[$0..<$0 + codesPerImage])
            }
        }
    }

    package func decode(_ codes: [[Int]]) throws -> [Image] {
        try checkDecodes()
        for list in codes { try check(list) }
        return try codes.inChunks(of: batchSize) { chunk in
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

    /// The central square of an image at this tokenizer's size.
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
