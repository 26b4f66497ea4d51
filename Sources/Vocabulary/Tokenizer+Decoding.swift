extension Tokenizer {
    /// The text of `tokens`: text tokens give their bytes, added tokens their spelling, and ids that
    /// are neither give nothing.
    ///
    /// Bytes that are not UTF-8 become U+FFFD, one for each maximal part of a character.
    public func decode(_ tokens: some Sequence<TokenID>) -> String {
        var bytes: [UInt8] = []
        for token in tokens { bytes.append(contentsOf: self.bytes(of: token)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// How `tokenizer.json` spells the token `id`; `nil` if it has none.
    public func spelling(of id: TokenID) -> String? {
        guard model.ids.contains(id) else { return spellings[id] }
        return ByteAlphabet.spelling(of: model.tokens[id - model.ids.lowerBound])
    }

    /// The bytes that the token `id` stands for in a text.
    func bytes(of id: TokenID) -> [UInt8] {
        if model.ids.contains(id) { return model.tokens[id - model.ids.lowerBound] }
        return spellings[id].map { Array($0.utf8) } ?? []
    }
}
