internal import Documents
internal import Vision

/// The codes of an image, of which those in a rectangle are to be replaced.
///
/// The mask is one span of codes in raster order, as the CM3 objective moves it: from the first code of
/// the rectangle to its last. Codes of the span outside the rectangle are known and stay.
struct InpaintingMask {
    /// All codes as they were.
    let codes: [Int]
    /// The codes of the rectangle, and what lies between its rows.
    let span: Range<Int>
    private let image: Image
    private let columns: Range<Int>
    private let rows: Range<Int>
    private let gridWidth: Int
    private let gridHeight: Int

    /// Finds the codes that the region touches.
    init(_ inpainting: Inpainting, _ imageTokenizer: any ImageTokenizer) throws {
        image = inpainting.image
        let region = inpainting.region
        guard region.columns.upperBound <= image.width, region.rows.upperBound <= image.height
        else {
            throw SettingError(
                region,
                "a region inside the image, which has \(image.width)×\(image.height) pixels"
            )
        }
        (gridWidth, gridHeight) = (imageTokenizer.gridWidth, imageTokenizer.gridHeight)
        // The image tokenizer sees the middle square.
        let side = min(image.width, image.height)
        columns = Self.cells(region.columns, after: (image.width - side) / 2, side, gridWidth)
        rows = Self.cells(region.rows, after: (image.height - side) / 2, side, gridHeight)
        guard let left = columns.first, let right = columns.last, let top = rows.first,
            let bottom = rows.last
        else {
            throw SettingError(
                region,
                "a region that meets the middle square of the image, \(side) pixels "
                    + "wide, which is all that the model sees"
            )
        }
        span = top * gridWidth + left..<bottom * gridWidth + right + 1
        guard let codes = try imageTokenizer.encode([image]).first else {
            preconditionFailure("an image has codes")
        }
        self.codes = codes
    }

    /// The code at a place of the span, where it is known.
    func knownCode(_ place: Int) -> Int? {
        let index = span.lowerBound + place
        return columns.contains(index % gridWidth) ? nil : codes[index]
    }

    /// All codes, once those of the span are there.
    func filled(with chosen: [Int]) -> [Int] {
        codes[..<span.lowerBound] + chosen + codes[span.upperBound...]
    }

    /// The image with the rectangle of `decoded`, at its size; all else is as it was.
    func painted(_ decoded: Image) -> Image {
        var result = image.square(side: decoded.width)
        let x = columns.lowerBound * decoded.width / gridWidth
        let y = rows.lowerBound * decoded.height / gridHeight
        let right = columns.upperBound * decoded.width / gridWidth
        let bottom = rows.upperBound * decoded.height / gridHeight
        result.draw(decoded.cropped(x: x, y: y, width: right - x, height: bottom - y), x: x, y: y)
        return result
    }

    /// The cells of `count` over `side` pixels from `start` on that a range of pixels touches.
    private static func cells(_ pixels: Range<Int>, after start: Int, _ side: Int, _ count: Int)
        -> Range<Int>
    {
        let seen = pixels.clamped(to: start..<start + side)
        guard !seen.isEmpty else { return 0..<0 }
        let first = (seen.lowerBound - start) * count / side
        // A pixel may lie in two cells.
        let end = ((seen.upperBound - start) * count + side - 1) / side
        return first..<end
    }
}

extension SettingError {
    /// Refuses a region.
    fileprivate init(_ region: ImageRegion, _ allowed: String) {
        let (x, y) = (region.columns.lowerBound, region.rows.lowerBound)
        self.init(.region, "\(x),\(y),\(region.columns.count),\(region.rows.count)", allowed)
    }
}
