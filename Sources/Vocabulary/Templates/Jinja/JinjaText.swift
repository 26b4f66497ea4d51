/// Python's strings: sequences of scalars, not of characters.
enum JinjaText {
    /// Whether Python counts `scalar` as white space.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        (0x1C...0x1F).contains(scalar.value) || scalar.properties.isWhitespace
    }

    /// The text of a string literal, whose escapes are Python's.
    static func unescaped(_ text: String, line: Int) throws(JinjaError) -> String {
        guard text.utf8.contains(0x5C) else { return text }
        var result = String.UnicodeScalarView()
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.popFirst() {
            guard scalar == "\\", let escape = rest.popFirst() else {
                result.append(scalar)
                continue
            }
            switch escape {
            case "n": result.append("\n")
            case "t": result.append("\t")
            case "r": result.append("\r")
            case "a": result.append("\u{7}")
            case "b": result.append("\u{8}")
            case "f": result.append("\u{C}")
            case "v": result.append("\u{B}")
            case "\\", "'", "\"": result.append(escape)
            case "\n": break
            case "x", "u", "U":
                let count = escape == "x" ? 2 : escape == "u" ? 4 : 8
                let digits = String(rest.prefix(count))
                guard digits.utf8.count == count, let value = UInt32(digits, radix: 16),
                    let meant = Unicode.Scalar(value)
                else { throw JinjaError("'\\\(escape)' needs \(count) digits", line: line) }
                rest.removeFirst(count)
                result.append(meant)
            case "0"..."7":
                var digits = String(escape)
                while digits.utf8.count < 3, let digit = rest.first, ("0"..."7").contains(digit) {
                    digits.unicodeScalars.append(digit)
                    rest.removeFirst()
                }
                if let meant = UInt32(digits, radix: 8).flatMap(Unicode.Scalar.init) {
                    result.append(meant)
                }
            default:
                result.append("\\")
                result.append(escape)
            }
        }
        return String(result)
    }

    /// A text without the scalars of `set` at its ends; without a set, white space.
    static func stripped(_ text: String, _ set: String?, left: Bool = true, right: Bool = true)
        -> String
    {
        let scalars = set.map { Set($0.unicodeScalars) }
        func isStripped(_ scalar: Unicode.Scalar) -> Bool {
            scalars?.contains(scalar) ?? isSpace(scalar)
        }
        var rest = Substring(text).unicodeScalars
        if left { rest = rest.drop(while: isStripped) }
        while right, let last = rest.last, isStripped(last) { rest.removeLast() }
        return String(rest)
    }

    /// Where `part` begins in `text`, in bytes, from `start` on.
    static func place(of part: String, in text: [UInt8], from start: Int = 0) -> Int? {
        let part = Array(part.utf8)
        guard let first = part.first else { return start <= text.count ? start : nil }
        var place = start
        while place + part.count <= text.count {
            if text[place] == first, text[place..<place + part.count].elementsEqual(part) {
                return place
            }
            place += 1
        }
        return nil
    }

    /// The parts of `text` between the occurrences of `separator`, split at most `limit` times.
    static func split(_ text: String, by separator: String, limit: Int = .max) -> [String] {
        // An empty separator would be found at the same place for ever.
        guard !separator.isEmpty else { return [text] }
        let bytes = Array(text.utf8)
        var parts: [String] = []
        var start = 0
        while parts.count < limit, let place = place(of: separator, in: bytes, from: start) {
            parts.append(String(decoding: bytes[start..<place], as: UTF8.self))
            start = place + separator.utf8.count
        }
        return parts + [String(decoding: bytes[start...], as: UTF8.self)]
    }

    /// As ``split(_:by:limit:)``, but the last occurrences first.
    static func splitFromRight(_ text: String, by separator: String, limit: Int) -> [String] {
        let parts = split(text, by: separator)
        let kept = max(parts.count - 1 - limit, 0)
        guard limit >= 0, kept > 0 else { return parts }
        return [parts[0...kept].joined(separator: separator)] + parts[(kept + 1)...]
    }

    /// The words between runs of white space, split at most `limit` times.
    static func words(of text: String, limit: Int = .max) -> [String] {
        var words: [String] = []
        var rest = Substring(text).unicodeScalars.drop(while: isSpace)
        while !rest.isEmpty {
            guard words.count < limit else {
                words.append(String(rest))
                break
            }
            let word = rest.prefix { !isSpace($0) }
            words.append(String(word))
            rest = rest[word.endIndex...].drop(while: isSpace)
        }
        return words
    }

    /// The lines of a text, with Python's line ends.
    static func lines(of text: String, keepingEnds: Bool = false) -> [String] {
        let ends: Set<Unicode.Scalar> = [
            "\n", "\r", "\u{B}", "\u{C}", "\u{1C}", "\u{1D}", "\u{1E}", "\u{85}", "\u{2028}",
            "\u{2029}",
        ]
        var lines: [String] = []
        var rest = Substring(text).unicodeScalars
        while !rest.isEmpty {
            var line = String.UnicodeScalarView(rest.prefix { !ends.contains($0) })
            rest = rest.dropFirst(line.count)
            if let end = rest.popFirst() {
                if keepingEnds { line.append(end) }
                if end == "\r", rest.first == "\n" {
                    rest.removeFirst()
                    if keepingEnds { line.append("\n") }
                }
            }
            lines.append(String(line))
        }
        return lines
    }

    /// Every occurrence of `old` replaced, at most `limit`.
    static func replacing(_ text: String, _ old: String, with new: String, limit: Int = .max)
        -> String
    {
        guard !old.isEmpty else {
            var parts = text.unicodeScalars.map { String(Character($0)) }
            parts.append("")
            let count = min(limit, parts.count)
            return parts.enumerated().map { ($0 < count ? new : "") + $1 }.joined()
        }
        return split(text, by: old, limit: limit).joined(separator: new)
    }

    /// The first letter in uppercase, the others in lowercase.
    static func capitalized(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return text }
        let rest = String(text.unicodeScalars.dropFirst())
        return first.properties.titlecaseMapping + rest.lowercased()
    }
}
