/// What Jinja's filters do to HTML and addresses.
enum JinjaMarkup {
    /// The five signs as entities.
    static func escaped(_ text: String) -> String {
        var escaped = text
        for (sign, name) in [
            ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&#34;"), ("'", "&#39;"),
        ] { escaped = JinjaText.replacing(escaped, sign, with: name) }
        return escaped
    }

    /// The text between tags and comments, with single spaces and without entities.
    static func stripped(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var kept: [UInt8] = []
        var place = 0
        while let start = JinjaText.place(of: "<", in: bytes, from: place) {
            let isComment = bytes[start...].starts(with: "<!--".utf8)
            let end =
                isComment
                ? JinjaText.place(of: "-->", in: bytes, from: start + 4).map { $0 + 3 }
                : JinjaText.place(of: ">", in: bytes, from: start).map { $0 + 1 }
            guard let end else { break }
            kept += bytes[place..<start]
            place = end
        }
        kept += bytes[place...]
        let words = JinjaText.words(of: String(decoding: kept, as: UTF8.self))
        return withoutEntities(words.joined(separator: " "))
    }

    /// The entities of signs that the ones above and common typesetting need; others stay.
    private static let entities: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
        "copy": "©", "reg": "®", "trade": "™", "deg": "°", "euro": "€", "pound": "£", "cent": "¢",
        "laquo": "«", "raquo": "»", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”",
        "ndash": "–", "mdash": "—", "hellip": "…", "bull": "•", "middot": "·", "times": "×",
    ]

    private static func withoutEntities(_ text: String) -> String {
        let parts = JinjaText.split(text, by: "&")
        return parts[0]
            + parts.dropFirst().map { part in
                let name = part.prefix { $0 != ";" }
                guard name.utf8.count < min(part.utf8.count, 12), let scalar = scalar(of: name)
                else { return "&" + part }
                return String(Character(scalar)) + part.dropFirst(name.count + 1)
            }.joined()
    }

    private static func scalar(of name: Substring) -> Unicode.Scalar? {
        guard name.hasPrefix("#") else { return entities[String(name)] }
        let isHex = name.dropFirst().first.map { $0 == "x" || $0 == "X" } ?? false
        let number = UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10)
        return number.flatMap { $0 == 0 ? nil : Unicode.Scalar($0) }
    }

    /// A text in an address: all but letters, digits and a few signs as `%XX`.
    static func quoted(_ text: String, inQuery: Bool) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var quoted: [UInt8] = []
        for byte in text.utf8 {
            let isLetter = (0x61...0x7A).contains(byte | 0x20) && byte < 0x80
            if isLetter || (0x30...0x39).contains(byte) || "_.-~".utf8.contains(byte)
                || !inQuery && byte == UInt8(ascii: "/")
            {
                quoted.append(byte)
            } else if inQuery, byte == UInt8(ascii: " ") {
                quoted.append(UInt8(ascii: "+"))
            } else {
                quoted += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: quoted, as: UTF8.self)
    }
}
