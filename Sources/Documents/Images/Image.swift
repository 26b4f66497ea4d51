internal import Basics
public import Foundation

/// A bitmap of 8-bit sRGB pixels without transparency.
///
/// ```swift
/// let image = try Image(contentsOf: URL(filePath: "cat.jpg"))
/// try image.pngData().write(to: URL(filePath: "cat.png"))
/// ```
///
/// As `Codable`, an image is a PNG file in base64.
public struct Image: Sendable, Hashable {
    /// The number of columns.
    public let width: Int
    /// The number of rows.
    public let height: Int
    /// Red, green and blue of each pixel, row by row from the top left: `height * width * 3` bytes.
    public package(set) var pixels: [UInt8]

    /// Creates an image of `height * width * 3` bytes.
    ///
    /// - Precondition: `width` and `height` are positive, and the number of bytes is right.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "an image has at least one pixel")
        precondition(pixels.count == width * height * 3, "an image has three bytes a pixel")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Reads a PNG, JPEG or WebP file of at most 20 MB and 64 megapixels.
    ///
    /// Transparent pixels are blended with white, 16-bit channels are reduced to 8, and a JPEG is
    /// rotated as its Exif orientation says.
    /// - Throws: `JamError`, which says why the file cannot be read or is not an image.
    public init(contentsOf url: URL) throws {
        self = try withJamErrors { try Image(contentsOf: url, limits: ImageLimits()) }
    }

    /// Decodes a PNG, JPEG or WebP file in memory, as ``init(contentsOf:)`` does.
    ///
    /// - Throws: `JamError`, which says why the data is not an image.
    public init(data: Data) throws {
        self = try withJamErrors { try Image(decoding: Array(data)) }
    }

    /// Encodes the image as PNG.
    public func pngData() -> Data { Data(png()) }

    /// Writes a PNG file, which appears when it is complete.
    ///
    /// - Throws: `JamError` if the file cannot be written.
    public func write(to path: String) throws {
        try withJamErrors { try AtomicFile.write(png(), to: path) }
    }
}

extension Image: Codable {
    /// Encodes the image as PNG data.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Base64.encode(png()))
    }

    /// Decodes PNG, JPEG or WebP data.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let bytes = Base64.decode(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "the image is not base64"
            )
        }
        try self.init(decoding: bytes)
    }
}
