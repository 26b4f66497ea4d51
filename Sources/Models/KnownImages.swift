internal import Basics
internal import Documents
internal import Synchronization
internal import Vocabulary

/// The images that were encoded last, by the digest of their pixels.
///
/// Every turn of a conversation sends its images again.
final class KnownImages: Sendable {
    private static let limit = 64

    /// The latest last.
    private let images = Mutex<[(key: String, framed: FramedImage)]>([])

    /// The codes of an image in their frame, as they were encoded before, or now by `encode`.
    func framed(_ image: Image, encode: () throws -> FramedImage) rethrows -> FramedImage {
        let digest = image.pixels.withUnsafeBytes { SHA256.hex(of: $0) }
        let key = "\(image.width)·\(image.height)·\(digest)"
        let known = images.withLock { images -> FramedImage? in
            guard let place = images.firstIndex(where: { $0.key == key }) else { return nil }
            let image = images.remove(at: place)
            images.append(image)
            return image.framed
        }
        if let known { return known }
        let framed = try encode()
        images.withLock { images in
            images.append((key, framed))
            if images.count > Self.limit { images.removeFirst() }
        }
        return framed
    }
}
