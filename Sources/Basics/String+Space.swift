extension StringProtocol {
    /// Whether it is empty or white space.
    package var isBlank: Bool { allSatisfy(\.isWhitespace) }

    /// The text without spaces and tabs at both ends.
    package var trimmed: String {
        let start = firstIndex { $0 != " " && $0 != "\t" } ?? endIndex
        let end = lastIndex { $0 != " " && $0 != "\t" }.map { index(after: $0) } ?? start
        return String(self[start..<end])
    }
}
