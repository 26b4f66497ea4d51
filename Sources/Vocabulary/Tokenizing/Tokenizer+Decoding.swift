extension Tokenizer {
    /// The text of `tokens`: text tokens give their bytes, added tokens their spelling, and ids that
    /// are neither give nothing.
    ///
    /// Bytes that are not UTF-8 become U+FFFD: for a byte-level vocabulary one for each maximal part
    /// of a character, otherwise one for each byte. As in the reference, a special token that the
    /// normalizer would change is never skipped, and appears as changed.
    package func decode(
        _ tokens: some Sequence<TokenID>,
        skippingSpecialTokens: Bool = false
    ) -> String {
        let special = skippingSpecialTokens ? addedTokens.filter(\.isSpecial).map(\.id) : []
        let skipped = Set(special).subtracting(normalizedSpellings.keys)
        var decoder = StreamingDecoder(self)
        var text = ""
        for token in tokens where !skipped.contains(token) { text += decoder.append(token) }
        return text + decoder.finish()
    }

    /// How `tokenizer.json` spells the token `id`; `nil` if it has none.
    package func spelling(of id: TokenID) -> String? {
        if let spelling = spellings[id] { return spelling }
        guard model.tokens.indices.contains(id), !model.tokens[id].isEmpty else { return nil }
        return model.spelling(of: model.tokens[id])
    }

    /// The bytes that the token `id` adds to a text, and whether they are one byte of a character.
    func piece(of id: TokenID) -> (bytes: [UInt8], isByte: Bool) {
        if model.tokens.indices.contains(id), !model.tokens[id].isEmpty {
            return pipeline.decoder.piece(spelledBy: model.tokens[id])
        }
        if let normalized = normalizedSpellings[id] {
            return pipeline.decoder.piece(spelledBy: normalized)
        }
        guard let spelling = spellings[id] else { return ([], false) }
        let bytes = BytePairModel.bytes(of: spelling, model.alphabet) ?? Array(spelling.utf8)
        return pipeline.decoder.piece(spelledBy: bytes)
    }
}
