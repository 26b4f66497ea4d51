/// Which pixels of an image are to be drawn again: those where a PNG file is fully transparent.
package struct ImageMask: Sendable, Equatable {
    /// The number of columns.
    package let width: Int
    /// The number of rows.
    package let height: Int
    /// The smallest region with all of these pixels; `nil` if there are none.
    package let region: ImageRegion?

    /// Decodes a PNG file with transparency; messages call it `name`.
    ///
    /// - Throws: ``ImageError`` for another format, and for a damaged or too large file; the limits are
    ///   checked before anything is allocated.
    package init(
        decodingPNG bytes: [UInt8],
        name: String = "the mask",
        limits: ImageLimits = ImageLimits()
    ) throws(ImageError) {
        let source = try EncodedImage(bytes: bytes, name: name, limits: limits)
        guard ImageFormat(sniffing: bytes) == .png else {
            throw .notAnImage(name: name, found: ImageFormat.guess(bytes))
        }
        let (width, height, rgba, texts) = try source.decodeTransparentPNG()
        var (columns, rows) = Self.transparent(rgba, width: width, height: height)
        // It is turned as the image is that it belongs to; see ``Image/turned(_:)``.
        let orientation = ExifOrientation(png: bytes, texts: texts)
        if orientation.flipsHorizontally { columns = columns.mirrored(in: width) }
        if orientation.flipsVertically { rows = rows.mirrored(in: height) }
        if orientation.swapsAxes { swap(&columns, &rows) }
        (self.width, self.height) = orientation.swapsAxes ? (height, width) : (width, height)
        region = ImageRegion(
            x: columns.lowerBound,
            y: rows.lowerBound,
            width: columns.count,
            height: rows.count
        )
    }

    /// The columns and the rows of the smallest rectangle with all transparent pixels; empty for none.
    private static func transparent(
        _ rgba: [UInt8],
        width: Int,
        height: Int
    ) -> (columns: Range<Int>, rows: Range<Int>) {
        var (left, right, top, bottom) = (width, 0, height, 0)
        rgba.withUnsafeBufferPointer { rgba in
            for row in 0..<height {
                for column in 0..<width where rgba[4 * (row * width + column) + 3] == 0 {
                    (left, right) = (min(left, column), max(right, column + 1))
                    (top, bottom) = (min(top, row), row + 1)
                }
            }
        }
        return right > left ? (left..<right, top..<bottom) : (0..<0, 0..<0)
    }
}

extension Range<Int> {
    /// The range as a mirror in the middle of `0..<count` shows it.
    fileprivate func mirrored(in count: Int) -> Range<Int> {
        count - upperBound..<count - lowerBound
    }
}
