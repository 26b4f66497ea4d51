/// Decodes tokens one by one and holds back incomplete UTF-8.
///
/// The returned texts, with that of ``finish()`` at the end, join to the result of
/// ``Tokenizer/decode(_:skippingSpecialTokens:)``.
package struct StreamingDecoder: Sendable {
    private let tokenizer: Tokenizer
    private var pending: [UInt8] = []
    private var spacesToStrip = 0

    /// - Parameters:
    ///   - tokenizer: decodes the tokens.
    ///   - continuesText: whether the tokens continue a text, so that a space before the first of them
    ///     is one.
    package init(_ tokenizer: Tokenizer, continuesText: Bool = false) {
        self.tokenizer = tokenizer
        if !continuesText, case .metaspace(let stripped) = tokenizer.pipeline.decoder {
            spacesToStrip = stripped
        }
    }

    /// Adds a token and returns the text that is now complete; it may be empty.
    package mutating func append(_ id: TokenID) -> String {
        let piece = tokenizer.piece(of: id)
        guard tokenizer.pipeline.decoder == .byteLevel else {
            if piece.isByte {
                pending += piece.bytes
                return ""
            }
            // An id without a token adds nothing and ends no run of bytes.
            guard !piece.bytes.isEmpty else { return "" }
            return stripped(takeRun() + String(decoding: piece.bytes, as: UTF8.self))
        }
        pending.append(contentsOf: piece.bytes)
        let complete = pending.count - Self.incompleteSuffix(of: pending)
        defer { pending.removeFirst(complete) }
        return String(decoding: pending[..<complete], as: UTF8.self)
    }

    /// Returns the rest, in which incomplete characters become U+FFFD.
    package mutating func finish() -> String {
        guard tokenizer.pipeline.decoder == .byteLevel else { return stripped(takeRun()) }
        defer { pending.removeAll() }
        return String(decoding: pending, as: UTF8.self)
    }

    /// Ends a run of byte tokens: text if all of it is valid UTF-8, otherwise one U+FFFD per byte.
    private mutating func takeRun() -> String {
        defer { pending.removeAll() }
        return String(validating: pending, as: UTF8.self)
            ?? String(repeating: "\u{FFFD}", count: pending.count)
    }

    /// Strips the first spaces of the whole text, as many as the decoder says.
    private mutating func stripped(_ text: String) -> String {
        guard spacesToStrip > 0, !text.isEmpty else { return text }
        let rest = text.utf8.drop { byte in
            guard byte == UInt8(ascii: " "), spacesToStrip > 0 else { return false }
            spacesToStrip -= 1
            return true
        }
        if !rest.isEmpty { spacesToStrip = 0 }
        return String(Substring(rest))
    }

    /// The number of bytes at the end that start a character and can still become valid UTF-8.
    private static func incompleteSuffix(of bytes: [UInt8]) -> Int {
        guard let last = bytes.last, last >= 0x80 else { return 0 }
        // After any lead byte, one of the two is a valid second byte; both are valid later.
        let continuations: [UInt8] = [0x80, 0xBF]
        return (1...3).first { length in
            length <= bytes.count
                && continuations.contains { byte in
                    (1...3).contains { count in
                        let completed = bytes.suffix(length) + repeatElement(byte, count: count)
                        return String(validating: completed, as: UTF8.self) != nil
                    }
                }
        } ?? 0
    }
}
