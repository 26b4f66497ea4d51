/// Finds added tokens in a text as `tokenizers` does: the leftmost match first, then the longest.
///
/// The time is at most the length of the text times that of the longest string.
struct AddedTokenFinder: Sendable {
    /// An added token, or the text between two.
    struct Section: Equatable {
        let range: Range<Int>
        let token: TokenID?
    }

    /// The strings to find, in byte order.
    private let spellings: [[UInt8]]
    private let tokens: [AddedToken]
    /// The range of the strings with each first byte.
    private let places: [Range<Int>]

    /// Finds tokens by a string each, normalized or not.
    init(_ tokens: [(spelling: [UInt8], token: AddedToken)]) {
        let sorted = tokens.filter { !$0.spelling.isEmpty }
            .sorted { $0.spelling.lexicographicallyPrecedes($1.spelling) }
        spellings = sorted.map(\.spelling)
        self.tokens = sorted.map(\.token)
        var places = Array(repeating: 0..<0, count: 256)
        for (index, spelling) in spellings.enumerated() {
            let byte = Int(spelling[0])
            places[byte] = (places[byte].isEmpty ? index : places[byte].lowerBound)..<index + 1
        }
        self.places = places
    }

    /// Splits a text into added tokens and the text between them; no section is empty.
    func sections(of text: UTF8Text) -> [Section] {
        guard !spellings.isEmpty else { return [Section(range: 0..<text.end, token: nil)] }
        var sections: [Section] = []
        var done = 0
        var place = 0
        while place < text.end {
            guard let index = longestMatch(in: text, at: place) else {
                place += 1
                continue
            }
            let match = place..<place + spellings[index].count
            place = match.upperBound
            let token = tokens[index]
            if token.isSingleWord, text.isInsideWord(match) { continue }
            let start =
                token.stripsLeft
                ? max(done, text.startOfWhitespace(before: match.lowerBound)) : match.lowerBound
            let end =
                token.stripsRight ? text.endOfAllWhitespace(from: match.upperBound) : place
            if done < start { sections.append(Section(range: done..<start, token: nil)) }
            sections.append(Section(range: min(start, end)..<end, token: token.id))
            done = end
        }
        if done < text.end { sections.append(Section(range: done..<text.end, token: nil)) }
        return sections
    }

    /// Narrows the sorted strings down, byte by byte, to those that match at `place`.
    private func longestMatch(in text: UTF8Text, at place: Int) -> Int? {
        var range = places[Int(text.bytes[place])]
        var longest: Int?
        var depth = 1
        while !range.isEmpty {
            if spellings[range.lowerBound].count == depth {
                longest = range.lowerBound
                range = range.dropFirst()
            }
            guard place + depth < text.end else { break }
            let byte = text.bytes[place + depth]
            let start = range.partition { spellings[$0][depth] < byte }
            range = start..<(start..<range.upperBound).partition { spellings[$0][depth] <= byte }
            depth += 1
        }
        return longest
    }
}

extension Range<Int> {
    /// The first element for which `isBefore` is false; it must be true for all before that.
    fileprivate func partition(_ isBefore: (Int) -> Bool) -> Int {
        var low = lowerBound
        var high = upperBound
        while low < high {
            let middle = (low + high) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    fileprivate func dropFirst() -> Range<Int> { lowerBound + 1..<upperBound }
}

extension UTF8Text {
    /// Whether a word continues before or after `range`.
    fileprivate func isInsideWord(_ range: Range<Int>) -> Bool {
        let before = scalar(before: range.lowerBound).map { Self.isOfWord($0.value) } ?? false
        let after = value(at: range.upperBound).map { Self.isOfWord($0.value) } ?? false
        return before || after
    }

    fileprivate func startOfWhitespace(before offset: Int) -> Int {
        var start = offset
        while let previous = scalar(before: start),
            Unicode.Scalar(previous.value).map(ScalarClass.of)?.isWhitespace ?? false
        { start = previous.start }
        return start
    }

    fileprivate func endOfAllWhitespace(from offset: Int) -> Int {
        var end = offset
        while let next = scalar(at: end), next.class.isWhitespace { end = next.end }
        return end
    }

    private func scalar(before offset: Int) -> (value: UInt32, start: Int)? {
        guard offset > 0 else { return nil }
        var start = offset - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return value(at: start).map { ($0.value, start) }
    }

    private static func isOfWord(_ value: UInt32) -> Bool {
        guard let properties = Unicode.Scalar(value)?.properties else { return false }
        switch properties.generalCategory {
        case .decimalNumber, .connectorPunctuation, .nonspacingMark, .spacingMark, .enclosingMark:
            return true
        default:
            return properties.isAlphabetic || properties.isJoinControl
        }
    }
}
