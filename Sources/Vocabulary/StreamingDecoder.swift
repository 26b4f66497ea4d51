/// Decodes tokens as they come and holds back a character until all its bytes are there.
///
/// The texts that it gives, one after the other with ``finish()`` at the end, are what
/// ``Tokenizer/decode(_:)`` gives for all tokens at once.
public struct StreamingDecoder: Sendable {
    private let tokenizer: Tokenizer
    private var pending: [UInt8] = []

    /// Begins a text of the vocabulary of `tokenizer`.
    public init(_ tokenizer: Tokenizer) {
        self.tokenizer = tokenizer
    }

    /// The text that the token `id` completes; often that of the token, sometimes empty.
    public mutating func append(_ id: TokenID) -> String {
        pending.append(contentsOf: tokenizer.bytes(of: id))
        let complete = pending.count - Self.incompleteSuffix(of: pending)
        defer { pending.removeFirst(complete) }
        return String(decoding: pending[..<complete], as: UTF8.self)
    }

    /// What is still held back, which no token will complete any more: empty or one U+FFFD.
    public mutating func finish() -> String {
        defer { pending.removeAll() }
        return String(decoding: pending, as: UTF8.self)
    }

    /// The number of bytes at the end of `bytes` that begin a character and could still become one.
    private static func incompleteSuffix(of bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let start = bytes.count - length
            let lead = bytes[start]
            if lead & 0xC0 == 0x80 { continue }  // a continuation: look further back
            guard let needed = characterLength(lead: lead), length < needed else { return 0 }
            if length > 1, !allowedSecondBytes(lead: lead).contains(bytes[start + 1]) { return 0 }
            return length
        }
        return 0
    }

    private static func characterLength(lead: UInt8) -> Int? {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: nil
        }
    }

    /// The second bytes that do not make an overlong form, a surrogate or a code above U+10FFFF.
    private static func allowedSecondBytes(lead: UInt8) -> ClosedRange<UInt8> {
        switch lead {
        case 0xE0: 0xA0...0xBF
        case 0xED: 0x80...0x9F
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
    }
}
