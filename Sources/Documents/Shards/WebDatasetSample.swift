import Basics

/// The members of one sample and their document.
///
/// 1. A `json` member with `segments` or `messages` is the document, and names its images. 2.
/// Otherwise the document is the caption of `txt`, then the one image; either may be missing, and a
/// `json` member is metadata.
struct WebDatasetSample {
    private let place: String
    private let limits: ShardLimits
    private var text: [UInt8]?
    private var json: [UInt8]?
    private var images: [String: [UInt8]] = [:]
    private var suffixes: Set<String> = []
    private var byteCount = 0

    init(place: String, limits: ShardLimits) {
        self.place = place
        self.limits = limits
    }

    /// Whether a member is used; others, such as `cls`, are ignored.
    func takes(_ suffix: String) -> Bool {
        suffix == "txt" || suffix == "json" || Self.isImage(suffix)
    }

    /// The reason to refuse a member of this suffix and size.
    mutating func refusal(of suffix: String, bytes: Int) -> ShardError? {
        guard suffixes.insert(suffix).inserted else {
            return failure("duplicate member .\(suffix)")
        }
        guard takes(suffix) else { return nil }
        byteCount += bytes
        let limit = Self.isImage(suffix) ? limits.images.encodedBytes : limits.textBytes
        guard bytes <= limit else {
            return failure(".\(suffix) has \(bytes) bytes, at most \(limit) are supported")
        }
        guard byteCount <= limits.sampleBytes else {
            return failure("the sample has more than \(limits.sampleBytes) bytes")
        }
        return nil
    }

    mutating func add(_ bytes: [UInt8], suffix: String) {
        switch suffix {
        case "txt": text = bytes
        case "json": json = bytes
        default: images[suffix] = bytes
        }
    }

    func document() throws -> Document {
        if let json {
            let place = "\(place).json"
            let parsed: JSON
            do {
                parsed = try JSON(parsing: json)
            } catch {
                throw ShardError(place: place, problem: error.description, scope: .document)
            }
            if case .object(let object) = parsed, object["segments"] ?? object["messages"] != nil {
                let source = ImageSource.members(images)
                return try DocumentParser(place: place, images: source, limits: limits)
                    .document(parsed)
            }
        }
        return Document(try [caption(), image()].compactMap { $0 })
    }

    private func caption() throws -> Segment? {
        guard let text else {
            guard !images.isEmpty else {
                throw failure(
                    "a .txt, an image or a .json with \"segments\" is expected, found none"
                )
            }
            return nil
        }
        guard let caption = String(validating: text, as: UTF8.self) else {
            throw failure(".txt is not UTF-8")
        }
        guard !text.contains(0) else { throw failure(".txt contains a NUL") }
        return .text(caption)
    }

    private func image() throws -> Segment? {
        guard images.count <= 1 else {
            let names = images.keys.sorted().map { "." + $0 }.joined(separator: ", ")
            throw failure("one image is expected, found \(names); name their order in a .json")
        }
        guard let (suffix, bytes) = images.first else { return nil }
        let name = "\(place).\(suffix)"
        return .image(try Image(decoding: bytes, name: name, limits: limits.images))
    }

    private static func isImage(_ suffix: String) -> Bool {
        let last = suffix.split(separator: ".").last ?? ""
        return ["png", "jpg", "jpeg", "webp"].contains(last)
    }

    private func failure(_ problem: String) -> ShardError {
        ShardError(place: place, problem: problem, scope: .document)
    }
}
