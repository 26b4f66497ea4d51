extension StringProtocol {
    /// Whether it is empty or white space.
    package var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
