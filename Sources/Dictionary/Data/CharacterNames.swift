/// What the Unicode CLDR calls a character in English.
struct CharacterName: Sendable, Equatable {
    let character: Unicode.Scalar
    /// The short name, such as "red apple".
    let name: String
    /// Words that people search it by, without the name itself.
    let keywords: [String]
}

extension DictionarySources {
    /// Reads the English names of single code points, in the order of the file.
    ///
    /// The file is XML with one annotation a line; a line that begins an annotation and does not
    /// end it is refused. Sequences of several code points are left out.
    func readNames() throws(DictionaryError) -> [CharacterName] {
        let file = cldrFile("annotations/en.xml")
        var names: [CharacterName] = []
        var keywords: (of: String, words: [String]) = ("", [])
        for (number, line) in try file.readLines().enumerated() {
            guard line.contains("<annotation cp=") else { continue }
            if line.contains("cp=\"\"") { continue }  // a comment in the file holds two of them
            guard let annotation = Annotation(line) else {
                throw file.malformed(line: number + 1, "an annotation that is not whole")
            }
            guard annotation.isName else {
                let words = annotation.text.split(separator: "|").map { $0.trimmed }
                keywords = (annotation.characters, words)
                continue
            }
            let scalars = annotation.characters.unicodeScalars
            guard scalars.count == 1, let character = scalars.first else { continue }
            let words = keywords.of == annotation.characters ? keywords.words : []
            names.append(
                CharacterName(
                    character: character,
                    name: annotation.text,
                    keywords: words.filter { $0 != annotation.text }
                )
            )
        }
        return names
    }
}

/// One line `<annotation cp="…" type="tts">…</annotation>`.
///
/// Read byte by byte: a skin tone after a quotation mark would otherwise be one character with it.
private struct Annotation {
    let characters: String
    let isName: Bool
    let text: String

    init?(_ line: Substring) {
        let bytes = line.utf8
        guard let open = bytes.firstRange(of: "<annotation cp=\"".utf8),
            let quote = bytes[open.upperBound...].firstIndex(of: UInt8(ascii: "\"")),
            let bracket = bytes[quote...].firstIndex(of: UInt8(ascii: ">")),
            let close = bytes[bracket...].firstRange(of: "</annotation>".utf8)
        else { return nil }
        let attributes = line[quote..<bracket]
        guard attributes == "\"" || attributes == "\" type=\"tts\"",
            let characters = Self.unescaped(line[open.upperBound..<quote]),
            let text = Self.unescaped(line[bytes.index(after: bracket)..<close.lowerBound])
        else { return nil }
        self.characters = characters
        self.text = text
        isName = attributes != "\""
    }

    /// Returns the text with XML's five named entities replaced, or `nil` if it has others.
    private static func unescaped(_ text: Substring) -> String? {
        var plain = ""
        var rest = text
        while let ampersand = rest.firstIndex(of: "&") {
            plain += rest[..<ampersand]
            guard let end = rest[ampersand...].firstIndex(of: ";") else { return nil }
            switch rest[ampersand...end] {
            case "&amp;": plain += "&"
            case "&lt;": plain += "<"
            case "&gt;": plain += ">"
            case "&quot;": plain += "\""
            case "&apos;": plain += "'"
            default: return nil
            }
            rest = rest[rest.index(after: end)...]
        }
        return plain + rest
    }
}

extension StringProtocol {
    /// The text without spaces and tabs at its ends.
    var trimmed: String {
        let start = firstIndex { $0 != " " && $0 != "\t" } ?? endIndex
        let end = lastIndex { $0 != " " && $0 != "\t" }.map { index(after: $0) } ?? start
        return String(self[start..<end])
    }
}
