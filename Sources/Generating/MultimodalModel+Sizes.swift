internal import Models
internal import Vision
internal import Vocabulary

extension MultimodalModel {
    /// The sizes that images are read at, in pixels: of each its middle, at the size of the nearest
    /// aspect ratio; empty for a model that reads none.
    package var readSizes: [ImageSize] {
        guard let image = tokenizer.image, let layout = tokenizer.frame else { return [] }
        let side = image.pixelsPerCode
        return layout.readSizes.map { ImageSize(width: $0.width * side, height: $0.height * side) }
    }

    /// The images that an answer may draw; `nil` if it must draw none.
    ///
    /// - Parameters:
    ///   - options: may say their size.
    ///   - context: the most tokens of prompt and answer; larger images are left out.
    /// - Returns: their sizes and headers.
    /// - Throws: ``SettingError`` for a size that images of this model cannot have.
    func frames(_ options: AnswerOptions, context: Int) throws -> FrameHeaders? {
        guard let image = tokenizer.image, draws else { return nil }
        let layout = try tokenizer.requiredFrame()
        if let size = options.imageSize {
            return FrameHeaders(layout, sizes: [try grid(size, image, layout)])
        }
        let sizes = layout.sizes
        // What the codes alone say, before any header is made.
        let fitting = sizes.filter { layout.bodyCount(of: $0) <= context }
        return FrameHeaders(layout, sizes: fitting.isEmpty ? sizes : fitting)
    }

    private func grid(
        _ size: ImageSize,
        _ image: any ImageTokenizer,
        _ layout: FrameLayout
    ) throws(SettingError) -> GridSize {
        let side = image.pixelsPerCode
        let grid = GridSize(height: size.height / side, width: size.width / side)
        let isWhole = size.height % side == 0 && size.width % side == 0
        guard isWhole, size.width > 0, size.height > 0, layout.allows(grid) else {
            throw SettingError(
                .imageSize,
                "\(size)",
                layout.sizeRule(pixelsPerCode: side)
            )
        }
        return grid
    }
}

extension FrameLayout {
    /// The sizes that images can have, in pixels and words.
    fileprivate func sizeRule(pixelsPerCode side: Int) -> String {
        guard let variable = frame.size else {
            let (width, height) = (usualSize.width * side, usualSize.height * side)
            return "\(width)x\(height), the only size of this model's images"
        }
        let step = variable.step * side
        return "WIDTHxHEIGHT in pixels, multiples of \(step), at most "
            + "\(variable.maximumCodes * side * side) pixels in all, and one side at most "
            + "\(variable.maximumRatio) times the other"
    }
}
