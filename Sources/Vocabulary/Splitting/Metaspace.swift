/// Spaces written as `▁`, as the tokenizers after SentencePiece do.
enum Metaspace {
    /// The character in place of a space.
    static let scalar: Unicode.Scalar = "\u{2581}"
    /// Its bytes.
    static let bytes: [UInt8] = [0xE2, 0x96, 0x81]

    /// Where a `▁` is put before a text that does not begin with one.
    enum Prefix: String, Sendable, CaseIterable {
        /// Before every stretch of text.
        case always
        /// Only at the very beginning.
        case first
        /// Nowhere.
        case never
    }
}
