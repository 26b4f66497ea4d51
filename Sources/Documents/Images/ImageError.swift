package import Basics

/// Why bytes cannot be read as an image.
package enum ImageError: UserError, Equatable {
    /// The bytes have another format.
    case notAnImage(name: String, found: String)
    /// The file is larger than ``ImageLimits/encodedBytes``.
    case tooManyBytes(name: String, bytes: Int, limit: Int)
    /// The header states more than ``ImageLimits/pixels``.
    case tooManyPixels(name: String, width: Int, height: Int, limit: Int)
    /// The header states no pixels.
    case empty(name: String, width: Int, height: Int)
    /// The file has several frames.
    case animated(name: String)
    /// The file is truncated or corrupt.
    case damaged(name: String, format: ImageFormat, reason: String)

    package var kind: ErrorKind { .malformedInput }

    package var description: String {
        switch self {
        case .notAnImage(let name, let found):
            "\(name) is not an image: expected PNG, JPEG or WebP, found \(found)"
        case .tooManyBytes(let name, let bytes, let limit):
            "\(name) is too large: \(bytes) bytes, at most \(limit) are supported"
        case .tooManyPixels(let name, let width, let height, let limit):
            "\(name) is too large: \(width)×\(height) pixels, at most \(limit) in all are supported; "
                + "scale it down"
        case .empty(let name, let width, let height):
            "\(name) is an empty image: \(width)×\(height) pixels"
        case .animated(let name):
            "\(name) is an animation: expected a still image; save one of its frames"
        case .damaged(let name, let format, let reason):
            "\(name) is a damaged \(format.rawValue) file: \(reason)"
        }
    }
}
