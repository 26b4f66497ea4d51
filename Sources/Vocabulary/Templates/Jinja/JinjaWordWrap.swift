/// Python's `textwrap.wrap` of one line, as Jinja's `wordwrap` calls it.
///
/// 1. The line is cut into chunks: runs of white space, and words or parts of hyphenated words.
/// 2. Each line takes chunks while they fit.
/// 3. A chunk that is wider than a line is cut, if that is allowed.
/// 4. White space at the ends of lines is dropped, but not at the start of the first.
struct JinjaWordWrap {
    let width: Int
    let breaksLongWords: Bool
    let breaksOnHyphens: Bool

    typealias Scalars = ArraySlice<Unicode.Scalar>

    func lines(of text: String) -> [String] {
        var chunks = Array(chunks(of: Array(text.unicodeScalars)).reversed())
        var lines: [String] = []
        while !chunks.isEmpty {
            var line: [Scalars] = []
            var count = 0
            if let next = chunks.last, Self.isBlank(next), !lines.isEmpty { chunks.removeLast() }
            while let next = chunks.last, count + next.count <= width {
                line.append(chunks.removeLast())
                count += next.count
            }
            if let next = chunks.last, next.count > width {
                if breaksLongWords {
                    let cut = next.startIndex + place(in: next, left: width - count)
                    line.append(next[..<cut])
                    chunks[chunks.count - 1] = next[cut...]
                } else if line.isEmpty {
                    line.append(chunks.removeLast())
                }
            }
            if let last = line.last, Self.isBlank(last) { line.removeLast() }
            if !line.isEmpty {
                lines.append(String(String.UnicodeScalarView(line.joined())))
            }
        }
        return lines
    }

    private static func isBlank(_ chunk: Scalars) -> Bool { chunk.allSatisfy(JinjaText.isSpace) }

    /// How many scalars of a long chunk go on a line with `left` places.
    private func place(in chunk: Scalars, left: Int) -> Int {
        guard breaksOnHyphens, chunk.count > left,
            let hyphen = chunk.prefix(left).lastIndex(of: "-"),
            chunk[..<hyphen].contains(where: { $0 != "-" })
        else { return left }
        return hyphen - chunk.startIndex + 1
    }

    // MARK: - Chunks

    private func chunks(of text: [Unicode.Scalar]) -> [Scalars] {
        var chunks: [Scalars] = []
        var start = 0
        while start < text.count {
            var end = start
            if Self.isSpace(text[start]) {
                while end < text.count, Self.isSpace(text[end]) { end += 1 }
            } else if breaksOnHyphens {
                end = endOfWord(text, from: start)
            } else {
                while end < text.count, !Self.isSpace(text[end]) { end += 1 }
            }
            chunks.append(text[start..<end])
            start = end
        }
        return chunks
    }

    /// Where the chunk ends that begins at `start`: at a dash, behind a hyphen, or with the word.
    private func endOfWord(_ text: [Unicode.Scalar], from start: Int) -> Int {
        if start > 0, Self.isOfWord(text[start - 1]), let end = endOfDash(text, from: start) {
            return end
        }
        var end = start + 1
        while end < text.count, !Self.isSpace(text[end]) {
            if text[end] == "-", isHyphen(text, at: end) { return end + 1 }
            if Self.isOfWord(text[end - 1]), endOfDash(text, from: end) != nil { return end }
            end += 1
        }
        return end
    }

    /// The end of two or more hyphens with a letter or digit behind.
    private func endOfDash(_ text: [Unicode.Scalar], from start: Int) -> Int? {
        var end = start
        while end < text.count, text[end] == "-" { end += 1 }
        return end >= start + 2 && end < text.count && Self.isLetterOrDigit(text[end]) ? end : nil
    }

    /// Whether a hyphen joins two parts of a word.
    private func isHyphen(_ text: [Unicode.Scalar], at place: Int) -> Bool {
        func isLetter(_ place: Int) -> Bool {
            text.indices.contains(place) && Self.isLetter(text[place])
        }
        let isBehindLetters = isLetter(place - 2) && isLetter(place - 1)
        let isBehindInitial =
            isLetter(place - 3) && text[place - 2] == "-" && Self.isOfWord(text[place - 1])
        guard isBehindLetters || isBehindInitial, isLetter(place + 1) else { return false }
        let next = place + 2
        return isLetter(next) || next < text.count && text[next] == "-" && isLetter(next + 1)
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        (0x09...0x0D).contains(scalar.value) || scalar == " "
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        isLetterOrDigit(scalar) && scalar.properties.numericType != .decimal
    }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        isLetterOrDigit(scalar) || "!\"'&.,?".unicodeScalars.contains(scalar)
    }
}
