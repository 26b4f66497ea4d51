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
    /// The file is of a kind that cannot be decoded, or not as exactly as others.
    case unsupported(name: String, format: ImageFormat, reason: String)
    /// The file is truncated or corrupt.
    case damaged(name: String, format: ImageFormat, reason: String)

    package var kind: ErrorKind { .malformedInput }

    package var description: String { "\(name) \(problem)" }

    /// The description without the name, as `is not an image: …`.
    package var problem: String {
        switch self {
        case .notAnImage(_, let found):
            "is not an image: expected \(ImageFormat.list), found \(found)"
        case .tooManyBytes(_, let bytes, let limit):
            "is too large: \(bytes) bytes, at most \(limit) are supported"
        case .tooManyPixels(_, let width, let height, let limit):
            "is too large: \(width)×\(height) pixels, at most \(limit) in all are supported; "
                + "scale it down"
        case .empty(_, let width, let height):
            "is an empty image: \(width)×\(height) pixels"
        case .unsupported(_, let format, let reason):
            "is a \(format.rawValue) file of a kind that is not supported: \(reason)"
        case .damaged(_, let format, let reason):
            "is a damaged \(format.rawValue) file: \(reason)"
        }
    }

    private var name: String {
        switch self {
        case .notAnImage(let name, _), .tooManyBytes(let name, _, _),
            .tooManyPixels(let name, _, _, _), .empty(let name, _, _),
            .damaged(let name, _, _), .unsupported(let name, _, _):
            name
        }
    }
}
