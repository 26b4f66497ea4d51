/// A whole `pre_tokenizer`: what is put before a text, then steps that cut it, one after the other.
struct Cutter: Sendable, Equatable {
    /// What happens to a text before it is cut.
    enum Preparation: Sendable, Equatable {
        /// Nothing.
        case none
        /// A space is put before a text that does not begin with one.
        case space
        /// Spaces become `▁`, and one is put before the text.
        case metaspace(Metaspace.Prefix)
    }

    var preparation = Preparation.none
    var cuts: [Cut] = []
    /// Whether the pieces are bytes to the model, and not characters.
    var isByteLevel = true

    /// The bytes to be cut, of a stretch of text that is not empty.
    func prepared(_ bytes: [UInt8], isBeginning: Bool) -> [UInt8] {
        switch preparation {
        case .none:
            return bytes
        case .space:
            return bytes.first == UInt8(ascii: " ") ? bytes : [UInt8(ascii: " ")] + bytes
        case .metaspace(let prefix):
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count * 5 / 4 + 3)
            let isPrefixed = prefix == .always || prefix == .first && isBeginning
            let begins = bytes.first == UInt8(ascii: " ") || bytes.starts(with: Metaspace.bytes)
            if isPrefixed, !begins { result += Metaspace.bytes }
            for byte in bytes {
                if byte == UInt8(ascii: " ") {
                    result += Metaspace.bytes
                } else {
                    result.append(byte)
                }
            }
            return result
        }
    }

    /// Gives every piece of `text` to `body`, in order.
    func forEachPiece(of text: UTF8Text, _ body: (Range<Int>) -> Void) {
        cut(text, from: 0, by: cuts[...], body)
    }

    private func cut(
        _ text: UTF8Text,
        from start: Int,
        by cuts: ArraySlice<Cut>,
        _ body: (Range<Int>) -> Void
    ) {
        guard let cut = cuts.first else { return body(start..<text.end) }
        var start = start
        while start < text.end {
            let end = cut.endOfPiece(in: text, from: start)
            if !cut.keepsPiece(in: text, at: start) {
                // Nothing of it is text to the model.
            } else if cuts.count == 1 {
                body(start..<end)
            } else {
                self.cut(text.ending(at: end), from: start, by: cuts.dropFirst(), body)
            }
            start = end
        }
    }
}
