extension StringProtocol {
    /// Whether it is empty or white space.
    package var isBlank: Bool { allSatisfy(\.isWhitespace) }

    /// The text without white space at both ends.
    package var trimmed: String {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? start
        return String(self[start..<end])
    }
}
