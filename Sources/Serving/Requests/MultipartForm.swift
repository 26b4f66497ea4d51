package import Basics

/// A body of the type multipart/form-data (RFC 7578), read strictly and in one pass.
///
/// ```
/// --BOUNDARY\r\n
/// Content-Disposition: form-data; name="image"; filename="cat.png"\r\n
/// \r\n
/// …bytes…\r\n
/// --BOUNDARY--\r\n
/// ```
package struct MultipartForm: Sendable, Equatable {
    /// A field of the form.
    package struct Field: Sendable, Equatable {
        package let name: String
        /// Whether it is a file.
        package let isFile: Bool
        /// Where its bytes are in the body.
        package let content: Range<Int>
    }

    /// The fields in order.
    package let fields: [Field]

    private static let maximumFieldCount = 64
    private static let maximumHeaderBytes = 4096

    /// Finds the fields of a body.
    ///
    /// 1. A delimiter is a line of two hyphens and the boundary; the body begins with one.
    /// 2. After a delimiter come header lines, an empty line and the bytes of a field, up to the line
    ///    end before the next delimiter.
    /// 3. After the last delimiter come two hyphens, and nothing that matters.
    ///
    /// - Throws: ``MultipartError``.
    package init(_ body: [UInt8], boundary: String) throws(MultipartError) {
        let delimiter = Array("\r\n--\(boundary)".utf8)
        guard body.starts(with: delimiter.dropFirst(2)) else { throw .noBoundary }
        var fields: [Field] = []
        var place = delimiter.count - 2
        while true {
            if body.has("--", at: place) { break }
            // Spaces may follow a boundary (RFC 2046).
            while place < body.count, body[place] == 0x20 || body[place] == 0x09 { place += 1 }
            guard body.has("\r\n", at: place) else { throw .damaged }
            guard fields.count < Self.maximumFieldCount else {
                throw .tooManyFields(limit: Self.maximumFieldCount)
            }
            // The line end before the headers is part of the empty line if there are none.
            guard let head = body.first(of: Array("\r\n\r\n".utf8), from: place) else {
                throw .damaged
            }
            guard head - place <= Self.maximumHeaderBytes else {
                throw .longHeaders(limit: Self.maximumHeaderBytes)
            }
            let start = head + 4
            // The line end before a delimiter may be that of the headers: an empty field.
            guard let end = body.first(of: delimiter, from: start - 2) else { throw .damaged }
            let lines = String(decoding: body[place + 2..<max(place + 2, head)], as: UTF8.self)
            let (name, isFile) = try Self.disposition(in: lines)
            fields.append(Field(name: name, isFile: isFile, content: start..<max(start, end)))
            place = end + delimiter.count
        }
        self.fields = fields
    }

    /// The name in the header lines of a field, and whether it is a file.
    private static func disposition(
        in lines: String
    ) throws(MultipartError) -> (name: String, isFile: Bool) {
        for line in lines.split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-disposition" else { continue }
            let value = HeaderValue(parts[1])
            guard value.first == "form-data", let name = value.parameters["name"], !name.isEmpty
            else { break }
            // Some clients name a file by its encoded name alone (RFC 5987), which RFC 7578 forbids.
            return (name, ["filename", "filename*"].contains { value.parameters[$0] != nil })
        }
        throw .noName
    }
}

/// Why a form cannot be read.
package enum MultipartError: UserError, Equatable {
    case noBoundary, damaged, noName
    case tooManyFields(limit: Int)
    case longHeaders(limit: Int)

    package var kind: ErrorKind { .malformedInput }

    package var description: String {
        switch self {
        case .noBoundary: "the form does not begin with the boundary that its Content-Type names"
        case .damaged: "the form is damaged or cut off: a field does not end with the boundary"
        case .noName:
            "a field of the form has no name; Content-Disposition: form-data; name=\"…\" is expected"
        case .tooManyFields(let limit): "the form has too many fields; at most \(limit) are read"
        case .longHeaders(let limit):
            "a field of the form has headers that are too long; at most \(limit) bytes are read"
        }
    }
}

/// A header's value with parameters, as `form-data; name="image"`.
struct HeaderValue {
    /// What comes before the parameters, in lower case.
    let first: String
    /// The parameters by their names in lower case; of a name that comes twice the first.
    private(set) var parameters: [String: String] = [:]

    init(_ text: some StringProtocol) {
        var pieces: [String] = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if isEscaped {
                pieces[pieces.count - 1].append(character)
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == ";", !isQuoted {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].append(character)
            }
        }
        first = pieces[0].trimmed.lowercased()
        for piece in pieces.dropFirst() {
            let sides = piece.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard sides.count == 2 else { continue }
            let name = String(sides[0]).trimmed.lowercased()
            if parameters[name] == nil { parameters[name] = String(sides[1]).trimmed }
        }
    }
}

extension [UInt8] {
    /// Whether `text` stands at an index.
    fileprivate func has(_ text: String, at index: Int) -> Bool {
        let bytes = Array(text.utf8)
        return index + bytes.count <= count
            && self[index..<index + bytes.count].elementsEqual(bytes)
    }

    /// The index of the first `pattern` at or after `start`, in a time that grows with the distance.
    func first(of pattern: [UInt8], from start: Int) -> Int? {
        withUnsafeBufferPointer { body in
            var index = start
            while index + pattern.count <= body.count {
                if body[index] == pattern[0],
                    pattern.indices.allSatisfy({ body[index + $0] == pattern[$0] })
                {
                    return index
                }
                index += 1
            }
            return nil
        }
    }
}
