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
        // As an image it is turned as the image is that it belongs to.
        let alpha = Image(
            width: width,
            height: height,
            pixels: (0..<width * height).flatMap { repeatElement(rgba[4 * $0 + 3], count: 3) }
        ).turned(ExifOrientation(png: bytes, texts: texts))
        self.width = alpha.width
        self.height = alpha.height
        region = alpha.regionOfZeros
    }
}

extension Image {
    /// The smallest region with all pixels whose red is 0; `nil` if there are none.
    fileprivate var regionOfZeros: ImageRegion? {
        var (left, right, top, bottom) = (width, 0, height, 0)
        for row in 0..<height {
            for column in 0..<width where pixels[3 * (row * width + column)] == 0 {
                (left, right) = (min(left, column), max(right, column + 1))
                (top, bottom) = (min(top, row), row + 1)
            }
        }
        return ImageRegion(x: left, y: top, width: right - left, height: bottom - top)
    }
}
