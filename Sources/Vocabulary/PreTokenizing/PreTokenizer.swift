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
    var steps: [Step] = []
    /// Whether the model's symbols are bytes, not characters.
    var isByteLevel = true

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
        split(text, from: 0, by: steps[...], body)
    }

    private func split(
        _ text: UTF8Text,
        from start: Int,
        by steps: ArraySlice<Step>,
        _ body: (Range<Int>) -> Void
    ) {
        guard let step = steps.first else { return body(start..<text.end) }
        var start = start
        while start < text.end {
            let end = step.endOfPreToken(in: text, from: start)
            if !step.keepsPreToken(in: text, at: start) {
                // Dropped white space.
            } else if steps.count == 1 {
                body(start..<end)
            } else {
                split(text.ending(at: end), from: start, by: steps.dropFirst(), body)
            }
            start = end
        }
    }
}
