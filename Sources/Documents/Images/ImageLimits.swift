/// How large an image file may be; more is refused from its header, before anything is decoded.
package struct ImageLimits: Sendable, Equatable {
    /// The most bytes of the file.
    package var encodedBytes: Int
    /// The most pixels, width times height.
    package var pixels: Int

    /// Sets the limits; 20 MB and 64 megapixels unless told.
    package init(encodedBytes: Int = 20_000_000, pixels: Int = 64_000_000) {
        self.encodedBytes = encodedBytes
        self.pixels = pixels
    }

    /// Refuses an image by the size that its header states.
    func check(width: Int, height: Int, of name: String) throws(ImageError) {
        guard width > 0, height > 0 else {
            throw .empty(name: name, width: width, height: height)
        }
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, count <= pixels else {
            throw .tooManyPixels(name: name, width: width, height: height, limit: pixels)
        }
    }

    /// Refuses an image by the size of its file.
    func check(bytes: Int, of name: String) throws(ImageError) {
        guard bytes <= encodedBytes else {
            throw .tooManyBytes(name: name, bytes: bytes, limit: encodedBytes)
        }
    }
}
