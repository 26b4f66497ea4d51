package import Foundation

extension Overlay {
    /// Reads a PNG file with its transparency, within limits.
    ///
    /// - Throws: `FileError` if the file cannot be read, `ImageError` if it is no PNG file.
    package init(contentsOfPNG url: URL, limits: ImageLimits = ImageLimits()) throws {
        let file = try FileInput(url)
        try limits.check(bytes: file.length, of: file.name)
        let bytes = file.read(file.length)
        let source = EncodedImage(bytes: bytes, name: file.name, limits: limits)
        guard ImageFormat(sniffing: bytes) == .png else {
            throw ImageError.notAnImage(name: file.name, found: ImageFormat.guess(bytes))
        }
        let (width, height, rgba) = try source.decodeTransparentPNG()
        self.init(width: width, height: height, straight: rgba)
    }
}
