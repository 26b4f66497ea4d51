internal import Basics
internal import Documents

/// Reads the images of a request, as far as the model reads images and all of them fit into memory.
final class RequestImages {
    private static let maximumCount = 16
    private let areRead: Bool
    /// The images so far.
    private var count = 0
    /// The pixels that the next images may have, all together.
    private var pixels = 16_000_000

    init(_ service: AnswerService) { areRead = service.drawsImages }

    init(areRead: Bool) { self.areRead = areRead }

    /// Reads the member `key`, an image in a data URL; nothing is fetched.
    func image(_ key: String, of reader: JSONReader) throws -> Image {
        try image(try Self.bytes(key, of: reader), key, of: reader)
    }

    /// The bytes of the member `key`, a data URL.
    static func bytes(_ key: String, of reader: JSONReader) throws -> [UInt8] {
        guard let bytes = DataURL.bytes(of: try reader.string(key)) else {
            throw reader.failure(
                key,
                "a data URL is expected, as data:image/png;base64,…; nothing is fetched"
            )
        }
        return bytes
    }

    /// Decodes the bytes of an image file, the member `key`.
    func image(_ bytes: [UInt8], _ key: String, of reader: JSONReader) throws -> Image {
        guard areRead else { throw reader.failure(key, "this model reads no images") }
        guard count < Self.maximumCount else {
            throw reader.failure(
                key,
                "is too many; a request has at most \(Self.maximumCount) images"
            )
        }
        do {
            let limits = ImageLimits(encodedBytes: 16 << 20, pixels: pixels)
            let image = try Image(decoding: bytes, limits: limits)
            count += 1
            pixels -= image.width * image.height
            return image
        } catch {
            throw reader.failure(key, error.problem)
        }
    }

    /// The smallest region with all transparent pixels of a mask for `image`, the member `key`.
    func region(
        _ bytes: [UInt8],
        _ key: String,
        of reader: JSONReader,
        _ image: Image
    ) throws -> ImageRegion {
        let mask: ImageMask
        do {
            let pixels = image.width * image.height
            let limits = ImageLimits(encodedBytes: 16 << 20, pixels: pixels)
            mask = try ImageMask(decodingPNG: bytes, limits: limits)
        } catch .notAnImage(_, let found) {
            throw reader.failure(
                key,
                "a PNG file with transparent pixels is expected, found \(found)"
            )
        } catch {
            throw reader.failure(key, error.problem)
        }
        guard mask.width == image.width, mask.height == image.height else {
            throw reader.failure(
                key,
                "has \(mask.width)×\(mask.height) pixels, the image "
                    + "\(image.width)×\(image.height); the same size is expected"
            )
        }
        guard let region = mask.region else {
            throw reader.failure(
                key,
                "has no fully transparent pixel; the transparent ones are drawn again"
            )
        }
        return region
    }
}
