internal import Basics

/// WordNet's explanation of a meaning, parsed.
struct Gloss: Sendable, Equatable {
    /// Alternative definitions of the same meaning.
    let definitions: [String]
    /// Sentences with the word.
    let examples: [String]

    /// Splits `a thing; another view; "an example"` at the semicolons outside quotation marks.
    init(_ text: some StringProtocol) {
        var parts = [""]
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if character == ";" && !isQuoted {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        let trimmed = parts.map { $0.trimmed }.filter { !$0.isEmpty }
        definitions = trimmed.filter { !$0.hasPrefix("\"") }.map(Self.withoutQuotation)
        examples = trimmed.compactMap(Self.example)
    }

    /// The first definition without parentheses: short enough to be memorized.
    var core: String? {
        guard let first = definitions.first else { return nil }
        var core = ""
        var depth = 0
        for character in first {
            switch character {
            case "(": depth += 1
            case ")": depth -= 1
            case _ where depth > 0: continue
            // The text before a parenthesis already ended with a space.
            case " " where core.isEmpty || core.last == " ": continue
            case ",", ":":
                if core.last == " " { core.removeLast() }
                core.append(character)
            default: core.append(character)
            }
        }
        // After a colon come examples: "a feline mammal …: domestic cats".
        let beforeColon = core.prefix { $0 != ":" }.trimmed
        let short = beforeColon.contains(" ") ? beforeColon : core.trimmed
        return depth == 0 && !short.isEmpty ? short : nil
    }

    /// Ends a definition before a quotation: `female of cattle: "moo-cow" is a child's term`.
    private static func withoutQuotation(_ part: String) -> String {
        guard let quote = part.firstIndex(of: "\"") else { return part }
        let before = part[..<quote].trimmed
        return before.last == ":" || before.last == "," ? String(before.dropLast()) : before
    }

    /// The text between the first two quotation marks; after them comes the author.
    private static func example(_ part: String) -> String? {
        guard part.hasPrefix("\"") else { return nil }
        let example = part.dropFirst().prefix { $0 != "\"" }.trimmed
        return example.isEmpty ? nil : example
    }
}
