import Basics
public import Foundation

extension Document {
    /// Reads a line of JSON Lines, as ``lineJSON`` writes it; messages call it `source`.
    /// - Throws: `ShardError`.
    package init(
        parsingLine bytes: some Collection<UInt8>,
        source: String,
        limits: ShardLimits = ShardLimits()
    ) throws {
        do {
            self = try DocumentParser(place: source, images: .embedded, limits: limits)
                .document(parsing: Array(bytes))
        } catch let error as ImageError {
            throw ShardError(error)
        }
    }

    /// Reads a JSON file with one document, in any format that ``init(jsonString:)`` takes.
    ///
    /// Images may also be files, named relative to the folder of the JSON file.
    /// - Throws: `JamError`, which names the wrong member, and what was expected.
    public init(contentsOfJSON url: URL) throws {
        self = try withJamErrors { try Self.read(url) }
    }

    private static func read(_ url: URL) throws -> Document {
        let limit = ShardLimits().textBytes
        let file = try MappedFile(url.relativePath)
        let bytes = withExtendedLifetime(file) { Array(file.bytes.prefix(limit)) }
        guard bytes.count == file.bytes.count else {
            throw ShardError(
                place: file.path,
                problem: "\(file.bytes.count) bytes are too many; at most \(limit) are supported",
                scope: .document
            )
        }
        let images = ImageSource.folder(url.deletingLastPathComponent())
        return try DocumentParser(place: file.path, images: images).document(parsing: bytes)
    }
}

/// Parses one JSON value as a document.
struct DocumentParser {
    /// The file and line or member, for messages.
    let place: String
    let images: ImageSource
    var limits = ShardLimits()

    func document(parsing bytes: [UInt8]) throws -> Document {
        let json: JSON
        do {
            json = try JSON(parsing: bytes, nonFiniteAsNull: true)
        } catch {
            throw failure(error.description)
        }
        return try document(json)
    }

    /// Parses a document in any of its three formats.
    ///
    /// Other members are ignored, since data sets keep sources and scores there; `null`, which
    /// exports of tables write for what is not there, is as good as nothing.
    func document(_ json: JSON) throws -> Document {
        do {
            let reader = try JSONReader(json, source: place)
            let spellings = ["text", "messages", "segments"].filter(reader.has)
            guard spellings.count == 1 else {
                let found = spellings.isEmpty ? "none" : spellings.joined(separator: " and ")
                throw failure(
                    "one of \"text\", \"messages\" or \"segments\" is expected, found \(found)"
                        + (spellings.isEmpty
                            ? "; jam data convert reads files of other programs" : "")
                )
            }
            try refuseImages(beside: spellings[0], reader)
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

    /// Refuses members that name images in other programs' files: the document would be without them.
    private func refuseImages(beside spelling: String, _ reader: JSONReader) throws {
        for key in ["image", "images", "file_name"] {
            let value = reader.object[key]
            let names = (value?.arrayValue ?? [value].compactMap(\.self)).compactMap(\.stringValue)
            // A text's own file is no image.
            guard names.contains(where: { key != "file_name" || ImageFormat.isName($0) }) else {
                continue
            }
            throw failure(
                "\"\(key)\" beside \"\(spelling)\" is of another program's format, and its images would "
                    + "be missing; jam data convert reads it"
            )
        }
    }

    /// Parses `{"role": …, "content": text or parts}`.
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
        let isLearned = try reader.isLearned()
        // The author's name means nothing here.
        reader.ignore("name")
        reader.ignoreNulls()
        try reader.finish()
        return segments.map { segment in
            var segment = segment
            segment.isLearned = isLearned
            return segment
        }
    }

    private enum Kind: String, CaseIterable {
        case text, image
    }

    /// Parses `{"type": "text", …}` or `{"type": "image", …}`.
    private func part(_ reader: JSONReader, takesRole: Bool) throws -> Segment {
        let kind: Kind = try reader.choice("type")
        let isSpoken = takesRole && reader.has("role")
        let role: Role? = isSpoken ? try reader.choice("role") : nil
        var segment: Segment
        switch kind {
        case .text: segment = try text(reader, "text", role: role)
        case .image:
            let altText = reader.has("alt_text") ? try plainText(reader, "alt_text") : nil
            segment = .image(try image(reader), altText: altText, role: role)
        }
        if takesRole { segment.isLearned = try reader.isLearned() }
        reader.ignoreNulls()
        try reader.finish()
        return segment
    }

    private func text(_ reader: JSONReader, _ key: String, role: Role?) throws -> Segment {
        var segment = Segment.text(try plainText(reader, key), role: role)
        segment.parsesSpecialTokens = try reader.bool("parse_special_tokens", default: false)
        return segment
    }

    private func plainText(_ reader: JSONReader, _ key: String) throws -> String {
        let text = try reader.string(key)
        guard !text.utf8.contains(0) else { throw reader.failure(key, "the text contains a NUL") }
        return text
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
        // An answer also contains its image codes; only the bitmap is used here.
        reader.ignore("codes", "code_columns")
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

extension JSONReader {
    /// Whether the `weight` of a message is 1, as without one, and not 0.
    func isLearned() throws(JSONFieldError) -> Bool {
        let weight = try number("weight", default: 1)
        guard weight == 0 || weight == 1 else {
            throw failure("weight", "0 or 1 is expected, found \(weight)")
        }
        return weight == 1
    }
}
