extension Tokenizer {
    /// Decodes tokens: text tokens to their bytes, added tokens to their strings, other ids to
    /// nothing.
    ///
    /// Invalid UTF-8 becomes U+FFFD: in a byte-level vocabulary one for each maximal subpart of a
    /// character, otherwise one for each byte. As in the reference, a special token that the
    /// normalizer would change is never skipped, and is returned as changed.
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

    /// The string of the token `id` in `tokenizer.json`; `nil` if there is no such token.
    package func spelling(of id: TokenID) -> String? {
        if let spelling = spellings[id] { return spelling }
        guard model.tokens.indices.contains(id), !model.tokens[id].isEmpty else { return nil }
        return model.spelling(of: model.tokens[id])
    }

    /// The bytes that the token `id` adds to a text, and whether it is a byte token.
    func piece(of id: TokenID) -> (bytes: [UInt8], isByte: Bool) {
        if model.tokens.indices.contains(id), !model.tokens[id].isEmpty {
            return pipeline.decoder.piece(spelledBy: model.tokens[id])
        }
        if let normalized = normalizedSpellings[id] {
            return pipeline.decoder.piece(spelledBy: normalized)
        }
        guard let spelling = spellings[id] else { return ([], false) }
        let bytes = BPEModel.bytes(of: spelling, model.alphabet) ?? Array(spelling.utf8)
        return pipeline.decoder.piece(spelledBy: bytes)
    }
}
