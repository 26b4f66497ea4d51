package import Basics

/// Why bytes are not an image that the program takes.
package enum ImageError: UserError, Equatable {
    /// The bytes are something else.
    case notAnImage(name: String, found: String)
    /// The file is larger than ``ImageLimits/encodedBytes``.
    case tooManyBytes(name: String, bytes: Int, limit: Int)
    /// The header states more than ``ImageLimits/pixels``.
    case tooManyPixels(name: String, width: Int, height: Int, limit: Int)
    /// The header states no pixels.
    case empty(name: String, width: Int, height: Int)
    /// The file holds several frames.
    case animated(name: String)
    /// The file is cut off or corrupt.
    case damaged(name: String, format: ImageFormat, reason: String)

    package var kind: ErrorKind { .malformedInput }

    /// What was found, what was expected and what to do.
    package var description: String {
        switch self {
        case .notAnImage(let name, let found):
            "\(name) is not an image: expected PNG, JPEG or WebP, found \(found)"
        case .tooManyBytes(let name, let bytes, let limit):
            "\(name) is too large: \(bytes) bytes, at most \(limit) are taken"
        case .tooManyPixels(let name, let width, let height, let limit):
            "\(name) is too large: \(width)×\(height) pixels, at most \(limit) in all are taken; "
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
