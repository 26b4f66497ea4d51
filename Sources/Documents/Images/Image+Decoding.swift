package import Foundation

extension Image {
    /// Reads a PNG, JPEG or WebP file.
    ///
    /// Transparency is flattened on white, 16-bit channels keep their high byte, and JPEG turns as
    /// its Exif orientation says.
    /// - Throws: ``FileError`` when the file cannot be read, ``ImageError`` when it is no image.
    package init(contentsOf url: URL, limits: ImageLimits = ImageLimits()) throws {
        let file = try FileInput(url)
        try limits.check(bytes: file.length, of: file.name)
        try self.init(decoding: file.read(file.length), name: file.name, limits: limits)
    }

    /// Decodes the bytes of a PNG, JPEG or WebP file; messages call it `name`.
    ///
    /// The limits hold before anything is allocated; a file that is cut off is an error, never a
    /// image with a grey rest.
    package init(
        decoding bytes: [UInt8],
        name: String = "the image",
        limits: ImageLimits = ImageLimits()
    ) throws(ImageError) {
        try limits.check(bytes: bytes.count, of: name)
        let source = EncodedImage(bytes: bytes, name: name, limits: limits)
        switch ImageFormat(sniffing: bytes) {
        case .png: self = try source.decodePNG()
        case .jpeg: self = try source.decodeJPEG()
        case .webP: self = try source.decodeWebP()
        case nil: throw .notAnImage(name: name, found: ImageFormat.guess(bytes))
        }
    }
}

/// The bytes of an image file and what is needed to refuse them; each codec extends it.
struct EncodedImage {
    let bytes: [UInt8]
    let name: String
    let limits: ImageLimits

    /// A damaged file, in the words of the codec.
    func damaged(_ format: ImageFormat, _ reason: String) -> ImageError {
        .damaged(name: name, format: format, reason: reason)
    }
}

extension Image {
    /// Lays red, green, blue and straight alpha, `height * width * 4` bytes, on white.
    init(width: Int, height: Int, flattening rgba: [UInt8]) {
        let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { space, count in
            count = width * height * 3
            for pixel in 0..<width * height {
                let alpha = Int(rgba[pixel * 4 + 3])
                for channel in 0..<3 {
                    let value = Int(rgba[pixel * 4 + channel]) * alpha + 255 * (255 - alpha)
                    space[pixel * 3 + channel] = UInt8((value + 127) / 255)
                }
            }
        }
        self.init(width: width, height: height, pixels: pixels)
    }
}
