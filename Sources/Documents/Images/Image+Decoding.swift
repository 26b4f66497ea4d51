internal import Basics
package import Foundation

extension Image {
    /// Reads an image file of any ``ImageFormat`` within limits.
    ///
    /// - Throws: ``FileError`` if the file cannot be read, ``ImageError`` if it is not an image.
    package init(contentsOf url: URL, limits: ImageLimits = ImageLimits()) throws {
        try self.init(EncodedImage(contentsOf: url, limits: limits))
    }

    /// Decodes the bytes of an image file; messages call it `name`.
    ///
    /// The limits are checked before anything is allocated; a truncated file is an error.
    package init(
        decoding bytes: [UInt8],
        name: String = "the image",
        limits: ImageLimits = ImageLimits()
    ) throws(ImageError) {
        try self.init(EncodedImage(bytes: bytes, name: name, limits: limits))
    }

    private init(_ source: EncodedImage) throws(ImageError) {
        switch ImageFormat(sniffing: source.bytes) {
        case .png: self = try source.decodePNG()
        case .jpeg: self = try source.decodeJPEG()
        case .webP: self = try source.decodeWebP()
        case .avif: self = try source.decodeAVIF()
        case .gif: self = try source.decodeGIF()
        case .bmp: self = try source.decodeBMP()
        case .tiff: self = try source.decodeTIFF()
        case nil:
            throw .notAnImage(name: source.name, found: ImageFormat.guess(source.bytes))
        }
    }
}

/// The bytes of an image file, its name for messages, and limits; each codec extends it.
struct EncodedImage {
    let bytes: [UInt8]
    let name: String
    let limits: ImageLimits

    init(bytes: [UInt8], name: String, limits: ImageLimits) throws(ImageError) {
        try limits.check(bytes: bytes.count, of: name)
        self.bytes = bytes
        self.name = name
        self.limits = limits
    }

    init(contentsOf url: URL, limits: ImageLimits) throws {
        let file = try MappedFile(url.relativePath)
        try limits.check(bytes: file.bytes.count, of: file.path)
        bytes = withExtendedLifetime(file) { Array(file.bytes) }
        name = file.path
        self.limits = limits
    }

    func damaged(_ format: ImageFormat, _ reason: String) -> ImageError {
        .damaged(name: name, format: format, reason: reason)
    }
}

extension Image {
    /// Blends RGBA pixels with straight alpha, `height * width * 4` bytes, with white.
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
