internal import Basics
internal import HTTPTypes
internal import Hummingbird

/// What a request with files says: its members, and the bytes of the files by the names of their fields.
struct RequestForm {
    let body: JSONReader
    private let files: [String: [[UInt8]]]

    /// Reads a body of JSON, whose files are data URLs in it, or a form.
    init(_ bytes: [UInt8], boundary: String?, _ settings: ServerSettings) throws {
        guard let boundary else {
            body = try JSONReader(requestBody: bytes, settings)
            files = [:]
            return
        }
        let form = try MultipartForm(bytes, boundary: boundary)
        var members: JSON.Object = [:]
        var files: [String: [[UInt8]]] = [:]
        for field in form.fields {
            // Clients name several files of one member `image[]`.
            let name = field.name.hasSuffix("[]") ? String(field.name.dropLast(2)) : field.name
            if field.isFile {
                files[name, default: []].append(Array(bytes[field.content]))
                continue
            }
            guard let text = String(validating: bytes[field.content], as: UTF8.self) else {
                throw APIError(
                    .badRequest,
                    "\(name.brief(160)): is not UTF-8",
                    param: name.brief(160)
                )
            }
            guard members[name] == nil else {
                throw APIError(
                    .badRequest,
                    "\(name.brief(160)): stands in the form twice",
                    param: name.brief(160)
                )
            }
            members[name] = Self.texts.contains(name) ? .string(text) : Self.value(of: text)
        }
        body = try JSONReader(.object(members), source: "request")
        self.files = files
    }

    /// The members that are texts, whatever they look like.
    private static let texts: Set<String> = ["model", "prompt", "user"]

    /// A field of a form is a text; what looks like another value is one.
    private static func value(of text: String) -> JSON {
        switch text {
        case "true": .bool(true)
        case "false": .bool(false)
        default: Int(text).map(JSON.integer) ?? Double(text).map(JSON.number) ?? .string(text)
        }
    }

    /// The files of the member `key`, and those of data URLs that JSON has in their place: an object
    /// `{"image_url": URL}`, or an array of them.
    func files(_ key: String, orURLs jsonKey: String) throws -> [[UInt8]] {
        if let files = files[key] { return files }
        switch body.object[jsonKey] {
        case .array?:
            return try body.objects(jsonKey).map { try RequestImages.bytes("image_url", of: $0) }
        case .object?:
            return [try RequestImages.bytes("image_url", of: body.nested(jsonKey))]
        case nil, .null?: return []
        default:
            throw body.failure(
                jsonKey,
                "a file of a form is expected, or in JSON {\"image_url\": \"data:image/png;base64,…\"}"
            )
        }
    }

    /// Refuses members and files that are not known.
    func finish(files known: Set<String>) throws {
        for name in files.keys.sorted() where !known.contains(name) {
            throw body.failure(
                name,
                "is a file, and files are " + known.sorted().joined(separator: ", ")
            )
        }
        body.ignoreNulls()
        try body.finish()
    }
}
