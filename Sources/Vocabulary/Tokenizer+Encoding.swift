extension Tokenizer {
    /// The text tokens of `text`, and nothing else: no marker, even if the text spells one, and none
    /// put before or after.
    ///
    /// The time grows with the length of the text, also where it has no spaces.
    public func encode(_ text: String) -> [TokenID] {
        let text = UTF8Text(normalizer.normalized(text))
        var tokens: [TokenID] = []
        tokens.reserveCapacity(text.bytes.count / 3)
        withEncoder { encoder in
            var start = 0
            while start < text.bytes.count {
                let end = splitPattern.endOfPiece(in: text, from: start)
                encoder.encode(text.bytes[start..<end], into: &tokens)
                start = end
            }
        }
        return tokens
    }
}
