/// SentencePiece's `▁` for spaces.
enum Metaspace {
    static let scalar: Unicode.Scalar = "\u{2581}"
    static let bytes: [UInt8] = [0xE2, 0x96, 0x81]

    /// Where a `▁` is added before a text that does not begin with one.
    enum Prefix: String, Sendable, CaseIterable {
        /// Before every section between added tokens.
        case always
        /// Only at the beginning of the text.
        case first
        case never
    }
}
