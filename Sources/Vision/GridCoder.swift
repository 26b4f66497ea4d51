internal import Basics
public import Documents
public import Tensors

/// A picture coder with a network around a codebook, whose codes form a square grid.
public protocol GridCoder: PictureCoder {
    /// Pixels on each side of a picture.
    var imageSize: Int { get }
    /// Codes on each side of a picture.
    var gridSize: Int { get }
    /// The vectors of the codes.
    var codebook: Codebook { get }
    /// Bounds the memory: how many pictures pass the network together.
    var picturesAtOnce: Int { get }
    /// Pixels [B, H, W, 3] from -1 to 1 → the vectors that are to be quantized [B, grid, grid, W].
    func vectors(of pixels: Tensor) -> Tensor
    /// Code vectors [B, grid, grid, W] → pixels [B, H, W, 3], about -1 to 1.
    func pixels(of vectors: Tensor) -> Tensor
}

extension GridCoder {
    /// Codes from left to right.
    public var gridWidth: Int { gridSize }
    /// Codes from top to bottom.
    public var gridHeight: Int { gridSize }
    /// The number of different codes.
    public var codeCount: Int { codebook.weight.size(0) }

    /// The codes of each picture, row by row from the top left.
    ///
    /// Pictures of another size are cropped to their middle square and resized.
    public func encode(_ pictures: [Picture]) throws -> [[Int]] {
        try pictures.inChunks(of: picturesAtOnce) { chunk in
            let codes = try withTorchErrors {
                try withoutGradients {
                    try codebook.nearest(to: vectors(of: pixels(of: chunk))).integers()
                }
            }
            return stride(from: 0, to: codes.count, by: codesPerPicture).map {
                Array(codes[$0..<$0 + codesPerPicture])
            }
        }
    }

    /// The picture of each list of ``PictureCoder/codesPerPicture`` codes.
    ///
    /// - Throws: ``VisionError`` for a list of another length, for a code that does not exist, and
    ///   where the network only encodes.
    public func decode(_ codes: [[Int]]) throws -> [Picture] {
        try checkDecodes()
        for list in codes { try check(list) }
        return try codes.inChunks(of: picturesAtOnce) { chunk in
            try withTorchErrors {
                try withoutGradients {
                    let grid = Tensor(chunk.flatMap(\.self), [chunk.count, gridSize, gridSize])
                    return try pixels(of: codebook.vectors(of: grid)).pictures()
                }
            }
        }
    }

    /// Pictures as pixels [B, H, W, 3] from -1 to 1, at this tokenizer's size.
    public func pixels(of pictures: [Picture]) -> Tensor {
        Tensor.pixels(of: pictures.map(fitting))
    }

    /// The middle square of a picture at this tokenizer's size.
    func fitting(_ picture: Picture) -> Picture {
        let fits = picture.width == imageSize && picture.height == imageSize
        return fits ? picture : picture.square(side: imageSize)
    }

    private func check(_ codes: [Int]) throws(VisionError) {
        guard codes.count == codesPerPicture else {
            throw .codeCount(found: codes.count, expected: codesPerPicture)
        }
        if let unknown = codes.first(where: { !(0..<codeCount).contains($0) }) {
            throw .unknownCode(found: unknown, count: codeCount)
        }
    }
}
