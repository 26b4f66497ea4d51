extension StringProtocol {
    /// Whether there is nothing but white space.
    public var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
