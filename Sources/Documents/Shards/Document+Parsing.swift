public import Basics
public import Foundation

extension Document {
    /// Reads a document from JSON: `{"text": …}`, `{"messages": […]}` or `{"segments": […]}`.
    ///
    /// Pictures come as data URLs, as base64, or as files named relative to `folder`. Messages call
    /// the JSON `source`.
    /// - Throws: ``ShardError``, ``PictureError`` or ``FileError``.
    public init(parsing json: JSON, source: String, picturesIn folder: URL? = nil) throws {
        let pictures = folder.map(PictureSource.folder) ?? .embedded
        self = try DocumentParser(place: source, pictures: pictures).document(json)
    }

    /// Reads a line of JSON Lines, as ``lineJSON`` writes it; messages call it `source`.
    /// - Throws: ``ShardError``.
    public init(parsingLine bytes: some Collection<UInt8>, source: String) throws {
        do {
            self = try DocumentParser(place: source, pictures: .embedded)
                .document(parsing: Array(bytes))
        } catch let error as PictureError {
            throw ShardError(error)
        }
    }

    /// Reads a file that holds one document as JSON; pictures are named relative to its folder.
    public init(contentsOfJSON url: URL, limits: ShardLimits = ShardLimits()) throws {
        let file = try FileInput(url)
        guard file.length <= limits.textBytes else {
            throw ShardError(
                place: file.name,
                problem: "\(file.length) bytes are too many, at most \(limits.textBytes) are taken",
                scope: .document
            )
        }
        let pictures = PictureSource.folder(url.deletingLastPathComponent())
        let bytes = file.read(file.length)
        let parser = DocumentParser(place: file.name, pictures: pictures, limits: limits)
        self = try parser.document(parsing: bytes)
    }
}

/// Turns one JSON value into a document.
struct DocumentParser {
    /// The file and the line or member, as messages name it.
    let place: String
    let pictures: PictureSource
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
            case "text": return Document([try text(reader, "text", speaker: nil)])
            case "messages": return Document(try reader.objects("messages").flatMap(message))
            default:
                return Document(
                    try reader.objects("segments").map { try part($0, takesSpeaker: true) }
                )
            }
        } catch let error as JSONFieldError {
            throw ShardError(error)
        }
    }

    /// Reads `{"role": …, "content": text or parts}`.
    private func message(_ reader: JSONReader) throws -> [Segment] {
        let speaker: Speaker = try reader.choice("role")
        let segments: [Segment]
        if case .array = reader.object["content"] {
            segments = try reader.objects("content").map {
                var segment = try part($0, takesSpeaker: false)
                segment.speaker = speaker
                return segment
            }
        } else {
            segments = [try text(reader, "content", speaker: speaker)]
        }
        try reader.finish()
        return segments
    }

    private enum Kind: String, CaseIterable {
        case text, image
    }

    /// Reads `{"type": "text", …}` or `{"type": "image", …}`.
    private func part(_ reader: JSONReader, takesSpeaker: Bool) throws -> Segment {
        let kind: Kind = try reader.choice("type")
        let isSpoken = takesSpeaker && reader.has("speaker")
        let speaker: Speaker? = isSpoken ? try reader.choice("speaker") : nil
        let segment: Segment
        switch kind {
        case .text: segment = try text(reader, "text", speaker: speaker)
        case .image: segment = .picture(try picture(reader), speaker: speaker)
        }
        try reader.finish()
        return segment
    }

    private func text(_ reader: JSONReader, _ key: String, speaker: Speaker?) throws -> Segment {
        let text = try reader.string(key)
        guard !text.utf8.contains(0) else { throw reader.failure(key, "a NUL stands in the text") }
        return .text(text, speaker: speaker)
    }

    private func picture(_ reader: JSONReader) throws -> Picture {
        let keys = ["image", "path", "url", "png"].filter(reader.has)
        guard keys.count == 1 else {
            let found = keys.isEmpty ? "none" : keys.joined(separator: " and ")
            throw reader.failure(
                "type",
                "a picture has one of \"image\", \"path\", \"url\" or \"png\", found \(found)"
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
                        + "pictures on the network are not fetched"
                )
            }
            return try decode(bytes)
        case "png":
            guard let bytes = Base64.decode(value) else {
                throw reader.failure(key, "the text is not base64")
            }
            return try decode(bytes)
        default:
            return try pictures.picture(
                named: value,
                place: place,
                limits: limits.pictures,
                failure: { reader.failure(key, $0) }
            )
        }
    }

    private func decode(_ bytes: [UInt8]) throws(PictureError) -> Picture {
        try Picture(decoding: bytes, name: "\(place): the picture", limits: limits.pictures)
    }

    private func failure(_ problem: String) -> ShardError {
        ShardError(place: place, problem: problem, scope: .document)
    }
}
