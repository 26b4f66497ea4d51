public import Documents
public import Tensors

extension ImageTokenizer: PictureCoder {
    /// Codes from left to right.
    public var gridWidth: Int { config.gridSize }
    /// Codes from top to bottom.
    public var gridHeight: Int { config.gridSize }
    /// The number of different codes.
    public var codeCount: Int { config.codeCount }

    /// The codes of each picture, row by row from the top left.
    ///
    /// Pictures of another size are cropped to their middle square and resized.
    public func encode(_ pictures: [Picture]) throws -> [[Int]] {
        try pictures.inChunks(of: picturesAtOnce) { chunk in
            let codes = try withTorchErrors {
                try withoutGradients {
                    try codebook.nearest(to: encodedVectors(of: chunk)).integers()
                }
            }
            return stride(from: 0, to: codes.count, by: codesPerPicture).map {
                Array(codes[$0..<$0 + codesPerPicture])
            }
        }
    }

    /// The picture of each list of ``codesPerPicture`` codes.
    ///
    /// - Throws: ``VisionError`` for a list of another length and for a code that does not exist.
    public func decode(_ codes: [[Int]]) throws -> [Picture] {
        for list in codes { try check(list) }
        return try codes.inChunks(of: picturesAtOnce) { chunk in
            try withTorchErrors {
                try withoutGradients {
                    let grid = Tensor(chunk.flatMap(\.self), [chunk.count, gridHeight, gridWidth])
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
        let side = config.imageSize
        let fits = picture.width == side && picture.height == side
        return fits ? picture : picture.square(side: side)
    }

    private func encodedVectors(of pictures: [Picture]) -> Tensor {
        vectors(of: pixels(of: pictures))
    }

    /// Bounds the memory: as many pictures as fill a million pixels.
    private var picturesAtOnce: Int {
        max(1, (1 << 20) / (config.imageSize * config.imageSize))
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

extension Array {
    /// Joins what `body` makes of each run of at most `count` elements.
    fileprivate func inChunks<Result>(
        of count: Int,
        _ body: ([Element]) throws -> [Result]
    ) rethrows -> [Result] {
        try stride(from: 0, to: self.count, by: count).flatMap {
            try body(Array(self[$0..<Swift.min($0 + count, self.count)]))
        }
    }
}
