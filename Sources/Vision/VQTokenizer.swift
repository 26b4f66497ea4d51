internal import Basics
package import Documents
package import Tensors
package import Vocabulary

/// An image tokenizer with a codebook; its networks are convolutional, so any grid is possible.
package protocol VQTokenizer: ImageTokenizer {
    /// The side length in pixels of the images that it was made for.
    var imageSize: Int { get }
    /// The side length of their grid of codes.
    var gridSize: Int { get }
    var codebook: Codebook { get }
    /// The number of images of that size per forward pass, which bounds the memory.
    var batchSize: Int { get }
    /// Encodes pixels [B, H, W, 3] from -1 to 1, before quantization → [B, rows, columns, W].
    func latents(of pixels: Tensor) -> Tensor
    /// Decodes code vectors [B, rows, columns, W] → [B, H, W, 3], about -1 to 1.
    func pixels(of vectors: Tensor) -> Tensor
}

extension VQTokenizer {
    package var grid: GridSize { GridSize(height: gridSize, width: gridSize) }
    package var pixelsPerCode: Int { imageSize / gridSize }
    package var codeCount: Int { codebook.weight.size(0) }

    package func encode(_ images: [Image], as grid: GridSize) throws -> [[Int]] {
        try images.inChunks(of: batchSize(grid)) { chunk in
            let codes = try withTorchErrors {
                try withoutGradients {
                    try codebook.nearest(to: latents(of: pixels(of: chunk, as: grid))).integers()
                }
            }
            return stride(from: 0, to: codes.count, by: grid.count).map {
                Array(codes[$0..<$0 + grid.count])
            }
        }
    }

    package func decode(_ codes: [[Int]], of grid: GridSize) throws -> [Image] {
        try checkDecodes()
        for list in codes { try check(list, grid) }
        return try codes.inChunks(of: batchSize(grid)) { chunk in
            try withTorchErrors {
                try withoutGradients {
                    let shape = [chunk.count, grid.height, grid.width]
                    let codes = Tensor(chunk.flatMap(\.self), shape)
                    return try pixels(of: codebook.vectors(of: codes)).images()
                }
            }
        }
    }

    /// Images as pixels [B, H, W, 3] from -1 to 1, at this tokenizer's size.
    package func pixels(of images: [Image]) -> Tensor { pixels(of: images, as: grid) }

    private func pixels(of images: [Image], as grid: GridSize) -> Tensor {
        Tensor.pixels(of: images.map { fitting($0, grid) })
    }

    /// The middle of an image at the size of a grid.
    func fitting(_ image: Image, _ grid: GridSize) -> Image {
        let (width, height) = (grid.width * pixelsPerCode, grid.height * pixelsPerCode)
        let fits = image.width == width && image.height == height
        return fits ? image : image.covering(width: width, height: height)
    }

    /// The images per forward pass with as many pixels as ``batchSize`` images of the usual size.
    private func batchSize(_ grid: GridSize) -> Int {
        max(1, batchSize * codesPerImage / max(1, grid.count))
    }

    private func check(_ codes: [Int], _ grid: GridSize) throws(VisionError) {
        guard codes.count == grid.count else {
            throw .codeCount(found: codes.count, expected: grid.count)
        }
        if let unknown = codes.first(where: { !(0..<codeCount).contains($0) }) {
            throw .unknownCode(found: unknown, count: codeCount)
        }
    }
}
