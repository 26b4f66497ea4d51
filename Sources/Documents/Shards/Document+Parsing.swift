package import Basics
package import Foundation

extension Document {
    /// Reads a document from JSON: `{"text": …}`, `{"messages": […]}` or `{"segments": […]}`.
    ///
    /// Images come as data URLs, as base64, or as files named relative to `folder`. Messages call
    /// the JSON `source`.
    /// - Throws: ``ShardError``, ``ImageError`` or ``FileError``.
    package init(parsing json: JSON, source: String, imagesIn folder: URL? = nil) throws {
        let images = folder.map(ImageSource.folder) ?? .embedded
        self = try DocumentParser(place: source, images: images).document(json)
    }

    /// Reads a line of JSON Lines, as ``lineJSON`` writes it; messages call it `source`.
    /// - Throws: ``ShardError``.
    package init(parsingLine bytes: some Collection<UInt8>, source: String) throws {
        do {
            self = try DocumentParser(place: source, images: .embedded)
                .document(parsing: Array(bytes))
        } catch let error as ImageError {
            throw ShardError(error)
        }
    }

    /// Reads a file that holds one document as JSON; images are named relative to its folder.
    package init(contentsOfJSON url: URL, limits: ShardLimits = ShardLimits()) throws {
        let file = try FileInput(url)
        guard file.length <= limits.textBytes else {
            throw ShardError(
                place: file.name,
                problem: "\(file.length) bytes are too many, at most \(limits.textBytes) are taken",
                scope: .document
            )
        }
        let images = ImageSource.folder(url.deletingLastPathComponent())
        let bytes = file.read(file.length)
        let parser = DocumentParser(place: file.name, images: images, limits: limits)
        self = try parser.document(parsing: bytes)
    }
}

/// Turns one JSON value into a document.
struct DocumentParser {
    /// The file and the line or member, as messages name it.
    let place: String
    let images: ImageSource
    var limits = ShardLimits()

    /// Parses the bytes of one JSON text.
    func document(parsing bytes: [UInt8]) throws -> Document {
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch {
            throw failure(error.description)
        }
        return try document(json)
    }

    /// Reads a document in any of its three spellings; members beside it are left alone, since data
    /// sets keep sources and scores there.
    func document(_ json: JSON) throws -> Document {
        do {
            let reader = try JSONReader(json, source: place)
            let spellings = ["text", "messages", "segments"].filter { reader.object[$0] != nil }
            guard spellings.count == 1 else {
                let found = spellings.isEmpty ? "none" : spellings.joined(separator: " and ")
                throw failure(
                    "one of \"text\", \"messages\" or \"segments\" is expected, found \(found)"
                )
            }
            switch spellings[0] {
            case "text": return Document([try text(reader, "text", role: nil)])
            case "messages": return Document(try reader.objects("messages").flatMap(message))
            default:
                return Document(
                    try reader.objects("segments").map { try part($0, takesRole: true) }
                )
            }
        } catch let error as JSONFieldError {
            throw ShardError(error)
        }
    }

    /// Reads `{"role": …, "content": text or parts}`.
    private func message(_ reader: JSONReader) throws -> [Segment] {
        let role: Role = try reader.choice("role")
        let segments: [Segment]
        if case .array = reader.object["content"] {
            segments = try reader.objects("content").map {
                var segment = try part($0, takesRole: false)
                segment.role = role
                return segment
            }
        } else {
            segments = [try text(reader, "content", role: role)]
        }
        try reader.finish()
        return segments
    }

    private enum Kind: String, CaseIterable {
        case text, image
    }

    /// Reads `{"type": "text", …}` or `{"type": "image", …}`.
    private func part(_ reader: JSONReader, takesRole: Bool) throws -> Segment {
        let kind: Kind = try reader.choice("type")
        let isSpoken = takesRole && reader.has("role")
        let role: Role? = isSpoken ? try reader.choice("role") : nil
        let segment: Segment
        switch kind {
        case .text: segment = try text(reader, "text", role: role)
        case .image: segment = .image(try image(reader), role: role)
        }
        try reader.finish()
        return segment
    }

    private func text(_ reader: JSONReader, _ key: String, role: Role?) throws -> Segment {
        let text = try reader.string(key)
        guard !text.utf8.contains(0) else { throw reader.failure(key, "a NUL stands in the text") }
        return .text(text, role: role)
    }

    private func image(_ reader: JSONReader) throws -> Image {
        let keys = ["image", "path", "url", "png"].filter(reader.has)
        guard keys.count == 1 else {
            let found = keys.isEmpty ? "none" : keys.joined(separator: " and ")
            throw reader.failure(
                "type",
                "an image has one of \"image\", \"path\", \"url\" or \"png\", found \(found)"
            )
        }
        // An answer states its codes, too; what counts here is the bitmap.
        _ = reader.has("codes")
        let key = keys[0]
        let value = try reader.string(key)
        switch key {
        case "url":
            guard let bytes = DataURL.bytes(of: value) else {
                throw reader.failure(
                    key,
                    "a data URL such as data:image/png;base64,… is expected; "
                        + "images on the network are not fetched"
                )
            }
            return try decode(bytes)
        case "png":
            guard let bytes = Base64.decode(value) else {
                throw reader.failure(key, "the text is not base64")
            }
            return try decode(bytes)
        default:
            return try images.image(
                named: value,
                place: place,
                limits: limits.images,
                failure: { reader.failure(key, $0) }
            )
        }
    }

    private func decode(_ bytes: [UInt8]) throws(ImageError) -> Image {
        try Image(decoding: bytes, name: "\(place): the image", limits: limits.images)
    }

    private func failure(_ problem: String) -> ShardError {
        ShardError(place: place, problem: problem, scope: .document)
    }
}
