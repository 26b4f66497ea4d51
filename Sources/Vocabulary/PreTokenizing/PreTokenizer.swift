/// The `pre_tokenizer` of a `tokenizer.json`: splits a text into the pre-tokens ("words") that no
/// merge crosses.
///
/// 1. ``prepared(_:isBeginning:)`` adds or replaces characters. 2. Each step splits the pre-tokens
/// of the step before it.
struct PreTokenizer: Sendable, Equatable {
    /// What happens to a text before it is split.
    enum Preparation: Sendable, Equatable {
        case none
        /// Adds a space before a text that does not begin with one.
        case prefixSpace
        /// Replaces spaces by `▁` and adds one before the text.
        case metaspace(Metaspace.Prefix)
    }

    var preparation = Preparation.none
    var steps: [Splitter] = []
    /// Whether the model's symbols are bytes, not characters.
    var isByteLevel = true
    /// Steps after `ByteLevel`, which see each byte as its character of ``ByteAlphabet``.
    var stepsOfBytes: [Splitter] = []

    /// The bytes to split, of a section of text that is not empty.
    func prepared(_ bytes: [UInt8], isBeginning: Bool) -> [UInt8] {
        let space = UInt8(ascii: " ")
        switch preparation {
        case .none:
            return bytes
        case .prefixSpace:
            return bytes.first == space ? bytes : [space] + bytes
        case .metaspace(let prefix):
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count * 5 / 4 + 3)
            let needsPrefix = prefix == .always || prefix == .first && isBeginning
            if needsPrefix, bytes.first != space, !bytes.starts(with: Metaspace.bytes) {
                result += Metaspace.bytes
            }
            for byte in bytes {
                if byte == space { result += Metaspace.bytes } else { result.append(byte) }
            }
            return result
        }
    }

    /// Calls `body` with the byte range of each pre-token of `text`, in order.
    func forEachPreToken(of text: UTF8Text, _ body: (Range<Int>) -> Void) {
        guard !stepsOfBytes.isEmpty else { return Self.split(text, from: 0, by: steps[...], body) }
        Self.split(text, from: 0, by: steps[...]) { range in
            let spelling = UTF8Text(ByteAlphabet.spelling(of: text.bytes[range]))
            var start = range.lowerBound
            var done = 0
            Self.split(spelling, from: 0, by: stepsOfBytes[...]) { piece in
                // Each byte is one scalar of the spelling.
                start += spelling.bytes[done..<piece.lowerBound].scalarCount
                let end = start + spelling.bytes[piece].scalarCount
                body(start..<end)
                (start, done) = (end, piece.upperBound)
            }
        }
    }

    private static func split(
        _ text: UTF8Text,
        from start: Int,
        by steps: ArraySlice<Splitter>,
        _ body: (Range<Int>) -> Void
    ) {
        guard let step = steps.first else { return body(start..<text.end) }
        let others = steps.dropFirst()
        step.forEachPiece(of: text, from: start) { piece in
            if others.isEmpty {
                body(piece)
            } else {
                split(text.ending(at: piece.upperBound), from: piece.lowerBound, by: others, body)
            }
        }
    }
}

extension ArraySlice<UInt8> {
    /// The number of scalars of valid UTF-8.
    fileprivate var scalarCount: Int { count { $0 & 0xC0 != 0x80 } }
}
