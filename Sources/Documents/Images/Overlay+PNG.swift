package import Foundation

extension Overlay {
    /// Reads a PNG file with its transparency, within limits.
    ///
    /// - Throws: `FileError` if the file cannot be read, `ImageError` if it is no PNG file.
    package init(contentsOfPNG url: URL, limits: ImageLimits = ImageLimits()) throws {
        let source = try EncodedImage(contentsOf: url, limits: limits)
        guard ImageFormat(sniffing: source.bytes) == .png else {
            throw ImageError.notAnImage(
                name: source.name,
                found: ImageFormat.guess(source.bytes)
            )
        }
        let (width, height, rgba, _) = try source.decodeTransparentPNG()
        self.init(width: width, height: height, straight: rgba)
    }
}
