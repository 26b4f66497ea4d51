internal import Documents
internal import Models
internal import Vocabulary

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
    /// The rows and columns of the image's codes.
    let size: GridSize

    /// Finds the codes that the region touches.
    init(_ inpainting: Inpainting, _ tokenizer: DocumentTokenizer) throws {
        image = inpainting.image
        let region = inpainting.region
        guard region.columns.upperBound <= image.width, region.rows.upperBound <= image.height
        else {
            throw SettingError(
                region,
                "a region inside the image, which has \(image.width)×\(image.height) pixels"
            )
        }
        (codes, size) = try tokenizer.codes(of: image)
        // The image tokenizer sees the middle.
        let seen = image.middle(width: size.width, height: size.height)
        columns = Self.cells(region.columns, in: seen.columns, size.width)
        rows = Self.cells(region.rows, in: seen.rows, size.height)
        guard let left = columns.first, let right = columns.last, let top = rows.first,
            let bottom = rows.last
        else {
            throw SettingError(
                region,
                "a region that meets the middle of the image, \(seen.columns.count) × "
                    + "\(seen.rows.count) pixels, which is all that the model sees"
            )
        }
        span = top * size.width + left..<bottom * size.width + right + 1
    }

    /// The code at a place of the span, where it is known.
    func knownCode(_ place: Int) -> Int? {
        let index = span.lowerBound + place
        return columns.contains(index % size.width) ? nil : codes[index]
    }

    /// The places of the span's tokens, counted from the first code: with the ends of rows within.
    func places(in frame: FrameLayout) -> Range<Int> {
        let last = frame.place(ofCode: span.upperBound - 1, in: size)
        return frame.place(ofCode: span.lowerBound, in: size)..<last + 1
    }

    /// The number of tokens that fill it.
    func tokenCount(in frame: FrameLayout) -> Int { places(in: frame).count }

    /// All codes, the first of the span replaced by those that are chosen.
    func filled(with chosen: [Int]) -> [Int] {
        codes[..<span.lowerBound] + chosen + codes[(span.lowerBound + chosen.count)...]
    }

    /// Whether so many codes of the span end with a row of the rectangle.
    func endsRow(_ count: Int) -> Bool {
        (span.lowerBound + count) % size.width == columns.upperBound % size.width
    }

    /// The image with the rectangle of `decoded`, at its size; all else is as it was.
    func painted(_ decoded: Image) -> Image {
        var result = image.covering(width: decoded.width, height: decoded.height)
        let x = columns.lowerBound * decoded.width / size.width
        let y = rows.lowerBound * decoded.height / size.height
        let right = columns.upperBound * decoded.width / size.width
        let bottom = rows.upperBound * decoded.height / size.height
        result.draw(decoded.cropped(x: x, y: y, width: right - x, height: bottom - y), x: x, y: y)
        return result
    }

    /// The cells, of `count` over the pixels `whole`, that a range of pixels touches.
    private static func cells(_ pixels: Range<Int>, in whole: Range<Int>, _ count: Int)
        -> Range<Int>
    {
        let seen = pixels.clamped(to: whole)
        guard !seen.isEmpty else { return 0..<0 }
        let (start, side) = (whole.lowerBound, whole.count)
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
