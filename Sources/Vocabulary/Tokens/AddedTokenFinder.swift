/// Finds the spellings of added tokens in a text, as `tokenizers` does: the leftmost first, of those at
/// one place the longest.
///
/// The time grows with the length of the text times that of the longest spelling.
struct AddedTokenFinder: Sendable {
    /// A stretch of the text: an added token, or what is between two.
    struct Section: Equatable {
        let range: Range<Int>
        let token: TokenID?
    }

    /// What is looked for, in the order of the bytes.
    private let spellings: [[UInt8]]
    private let tokens: [AddedToken]
    /// Where the spellings with each first byte are.
    private let places: [Range<Int>]

    /// Makes a finder of tokens by what stands for each in a text, as a rule its spelling.
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

    /// Cuts a text into added tokens and what is between them, nothing of it empty.
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
            if token.matchesSingleWord, text.isInsideWord(match) { continue }
            let start =
                token.takesSpaceBefore
                ? max(done, text.startOfWhitespace(before: match.lowerBound)) : match.lowerBound
            let end =
                token.takesSpaceAfter ? text.endOfAllWhitespace(from: match.upperBound) : place
            if done < start { sections.append(Section(range: done..<start, token: nil)) }
            sections.append(Section(range: min(start, end)..<end, token: token.id))
            done = end
        }
        if done < text.end { sections.append(Section(range: done..<text.end, token: nil)) }
        return sections
    }

    /// Narrows the sorted spellings down, byte by byte, to those that stand at `place`.
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
    /// The first element for which `isBefore` does not hold, where it holds for all before that.
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
    /// Whether a word goes on before or after `range`.
    fileprivate func isInsideWord(_ range: Range<Int>) -> Bool {
        let before = scalar(before: range.lowerBound).map { Self.isOfWord($0.value) } ?? false
        let after = value(at: range.upperBound).map { Self.isOfWord($0.value) } ?? false
        return before || after
    }

    /// The start of the white space that ends at `offset`.
    fileprivate func startOfWhitespace(before offset: Int) -> Int {
        var start = offset
        while let previous = scalar(before: start),
            Unicode.Scalar(previous.value).map(ScalarClass.of)?.isWhitespace ?? false
        { start = previous.start }
        return start
    }

    /// The end of the white space that begins at `offset`.
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

    /// Whether a scalar is in `\w`.
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
