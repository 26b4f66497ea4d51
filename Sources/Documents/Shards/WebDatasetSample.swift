import Basics

/// The members of one sample and their document.
///
/// 1. A `json` member with `segments` or `messages` is the document, and names its images. 2.
/// Otherwise the document is the caption, then the one image; either may be missing. The caption is
/// the `txt` or `caption` member, or what a `json` member calls `text` or `caption`; all else there
/// is metadata.
struct WebDatasetSample {
    /// What a member can be for a document, by the last part of its suffix.
    enum Use {
        case text, json, image

        init?(_ suffix: String) {
            let last = String(suffix.split(separator: ".").last ?? "")
            switch last {
            case "txt", "text", "caption", "cap": self = .text
            case "json": self = .json
            case _ where ImageFormat.suffixes.contains(last): self = .image
            default: return nil
            }
        }
    }

    private typealias Member = (suffix: String, bytes: [UInt8])

    private let place: String
    private let limits: ShardLimits
    private var texts: [Member] = []
    private var jsons: [Member] = []
    private var images: [String: [UInt8]] = [:]
    private var suffixes: Set<String> = []
    private var byteCount = 0
    /// Members that no document is made of: the last part of their suffix, and a name.
    private(set) var unused: [(suffix: String, name: String)] = []

    init(place: String, limits: ShardLimits) {
        self.place = place
        self.limits = limits
    }

    /// The reason to refuse a member of this suffix and size.
    mutating func refusal(of suffix: String, bytes: Int) -> ShardError? {
        guard suffixes.insert(suffix).inserted else {
            return failure("duplicate member .\(suffix)")
        }
        guard let use = Use(suffix) else {
            leaveAlone(suffix)
            return nil
        }
        byteCount += bytes
        let limit = use == .image ? limits.images.encodedBytes : limits.textBytes
        guard bytes <= limit else {
            return failure(".\(suffix) has \(bytes) bytes, at most \(limit) are supported")
        }
        guard byteCount <= limits.sampleBytes else {
            return failure("the sample has more than \(limits.sampleBytes) bytes")
        }
        return nil
    }

    /// Adds a member that has a use.
    mutating func add(_ bytes: [UInt8], suffix: String) {
        switch Use(suffix) {
        case .text: texts.append((suffix, bytes))
        case .json: jsons.append((suffix, bytes))
        case .image: images[suffix] = bytes
        case nil: preconditionFailure("a member without use")
        }
    }

    /// Whether a document can be made of a member.
    var hasUse: Bool { !(texts.isEmpty && jsons.isEmpty && images.isEmpty) }

    /// The document; `nil` if no member has a use.
    mutating func document() throws -> Document? {
        guard hasUse else { return nil }
        let metadata = try metadata()
        if let metadata, metadata.has("segments") || metadata.has("messages") {
            texts.forEach { leaveAlone($0.suffix) }
            let json = JSON.object(metadata)
            for suffix in images.keys.sorted() where !json.names(suffix) { leaveAlone(suffix) }
            return try DocumentParser(
                place: "\(place).json",
                images: .members(images),
                limits: limits
            ).document(json)
        }
        return Document(try [caption(metadata), image()].compactMap(\.self))
    }

    /// The object of the `json` member, if it can mean something; others are left alone.
    private mutating func metadata() throws -> JSON.Object? {
        let main = jsons.first { $0.suffix == "json" } ?? (jsons.count == 1 ? jsons[0] : nil)
        for other in jsons where other.suffix != main?.suffix { leaveAlone(other.suffix) }
        guard let main else { return nil }
        let isNeeded = texts.isEmpty && images.isEmpty
        let json: JSON
        do {
            json = try JSON(parsing: main.bytes, nonFiniteAsNull: true)
        } catch {
            throw ShardError(
                place: "\(place).\(main.suffix)",
                problem: error.description,
                scope: .document
            )
        }
        guard case .object(let object) = json else {
            guard !isNeeded else {
                throw failure(".\(main.suffix) is \(json.kind); an object is expected")
            }
            leaveAlone(main.suffix)
            return nil
        }
        let isDocument = object.has("segments") || object.has("messages")
        let isCaption = texts.isEmpty && (object.has("text") || object.has("caption"))
        if !isDocument, !isCaption, !isNeeded { leaveAlone(main.suffix) }
        return object
    }

    /// The caption of a sample with the metadata of its `json`, if that is there.
    private mutating func caption(_ metadata: JSON.Object?) throws -> Segment? {
        guard let text = try chosen(texts, preferring: "txt") else {
            if let metadata, let caption = try caption(in: metadata) { return caption }
            guard !images.isEmpty else {
                let keys = metadata?.keys.prefix(8).map { $0.quoted(20) }.joined(separator: ", ")
                throw failure(
                    "a caption, an image or a .json with \"segments\" is expected, found "
                        + "a .json with \(keys.map { $0.isEmpty ? "nothing" : $0 } ?? "nothing")"
                )
            }
            return nil
        }
        guard let caption = String(validating: text.bytes.withoutByteOrderMark, as: UTF8.self)
        else { throw failure(".\(text.suffix) is not UTF-8") }
        guard !text.bytes.contains(0) else { throw failure(".\(text.suffix) contains a NUL") }
        return .text(caption)
    }

    /// What metadata calls the text.
    private func caption(in metadata: JSON.Object) throws -> Segment? {
        var found: [String] = []
        for key in ["text", "caption"] where metadata.has(key) {
            guard case .string(let text)? = metadata[key] else {
                let kind = metadata[key]?.kind ?? "nothing"
                throw failure(".json: \(key): a string is expected, found \(kind)")
            }
            found.append(text)
        }
        guard found.dropFirst().allSatisfy({ $0.utf8.elementsEqual(found[0].utf8) }) else {
            throw failure(".json has a \"text\" and another \"caption\"; one is expected")
        }
        guard let text = found.first else { return nil }
        guard !text.utf8.contains(0) else { throw failure(".json contains a NUL") }
        var segment = Segment.text(text)
        segment.parsesSpecialTokens = metadata["parse_special_tokens"] == true
        return segment
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

    /// The member of the preferred suffix, or the only one; others are left alone.
    private mutating func chosen(_ members: [Member], preferring suffix: String) throws
        -> Member?
    {
        let preferred = members.first { $0.suffix == suffix }
        guard preferred != nil || members.count <= 1 else {
            let names = members.map { "." + $0.suffix }.sorted().joined(separator: ", ")
            throw failure("one .\(suffix) is expected, found \(names)")
        }
        let member = preferred ?? members.first
        for other in members where other.suffix != member?.suffix { leaveAlone(other.suffix) }
        return member
    }

    private mutating func leaveAlone(_ suffix: String) {
        unused.append((String(suffix.split(separator: ".").last ?? ""), "\(place).\(suffix)"))
    }

    private func failure(_ problem: String) -> ShardError {
        ShardError(place: place, problem: problem, scope: .document)
    }
}

extension JSON {
    /// Whether a string in it is `text`, as the name of an image is.
    fileprivate func names(_ text: String) -> Bool {
        switch self {
        case .string(let string): string.lowercased() == text
        case .array(let elements): elements.contains { $0.names(text) }
        case .object(let object): object.members.contains { $0.value.names(text) }
        case .null, .bool, .integer, .number: false
        }
    }
}

extension [UInt8] {
    /// The bytes of a text without the mark that some editors begin UTF-8 with.
    var withoutByteOrderMark: ArraySlice<UInt8> {
        starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self[...]
    }
}
