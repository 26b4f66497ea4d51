/// The largest image file; a larger one is refused before it is decoded.
package struct ImageLimits: Sendable, Equatable {
    /// The file size in bytes.
    package var encodedBytes: Int
    /// Width times height.
    package var pixels: Int

    package init(encodedBytes: Int = 20_000_000, pixels: Int = 64_000_000) {
        self.encodedBytes = encodedBytes
        self.pixels = pixels
    }

    func check(width: Int, height: Int, of name: String) throws(ImageError) {
        guard width > 0, height > 0 else {
            throw .empty(name: name, width: width, height: height)
        }
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, count <= pixels else {
            throw .tooManyPixels(name: name, width: width, height: height, limit: pixels)
        }
    }

    func check(bytes: Int, of name: String) throws(ImageError) {
        guard bytes <= encodedBytes else {
            throw .tooManyBytes(name: name, bytes: bytes, limit: encodedBytes)
        }
    }
}
