internal import Basics

/// The Unicode CLDR's English name of a character.
struct CharacterName {
    let character: Unicode.Scalar
    /// The short name, such as "red apple".
    let name: String
    /// Search terms, without the name itself.
    let keywords: [String]
}

extension DictionarySources {
    /// Reads the English names of single code points, in the order of the file.
    ///
    /// The file is XML with one annotation per line; an annotation that spans lines is an error.
    /// Sequences of several code points are skipped.
    func readNames() throws(DictionaryError) -> [CharacterName] {
        // By scalars: a quotation mark and a skin tone after it are one `Character`.
        let annotation = /<annotation cp="([^"]+)"( type="tts")?>(.*)<\/annotation>/
            .matchingSemantics(.unicodeScalar)
        let file = cldrFile("annotations/en.xml")
        var names: [CharacterName] = []
        var keywords: (of: String, words: [String]) = ("", [])
        for (number, line) in try file.readLines().enumerated() {
            guard line.contains("<annotation cp=") else { continue }
            if line.contains("cp=\"\"") { continue }  // in a comment of the file
            guard let match = line.firstMatch(of: annotation),
                let characters = unescaped(match.1), let text = unescaped(match.3)
            else { throw file.malformed(line: number + 1, "an incomplete annotation") }
            guard match.2 != nil else {
                keywords = (characters, text.split(separator: "|").map { $0.trimmed })
                continue
            }
            let scalars = characters.unicodeScalars
            guard scalars.count == 1, let character = scalars.first else { continue }
            let words = keywords.of == characters ? keywords.words : []
            names.append(
                CharacterName(
                    character: character,
                    name: text,
                    keywords: words.filter { $0 != text }
                )
            )
        }
        return names
    }

    /// Replaces XML's five named entities; `nil` if there are others.
    private func unescaped(_ text: Substring) -> String? {
        let entities = ["amp;": "&", "lt;": "<", "gt;": ">", "quot;": "\"", "apos;": "'"]
        let parts = text.split(separator: "&", omittingEmptySubsequences: false)
        var plain = String(parts[0])
        for part in parts.dropFirst() {
            guard let entity = entities.first(where: { part.hasPrefix($0.key) }) else { return nil }
            plain += entity.value + part.dropFirst(entity.key.count)
        }
        return plain
    }
}
