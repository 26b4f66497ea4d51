extension Tokenizer {
    /// Encodes plain text: no special token, even if the text contains its string, and none added
    /// before or after.
    ///
    /// The ids are those of `tokenizers` with `add_special_tokens=False` for a text that spells no
    /// special token. The time is linear in the length of the text, also without spaces.
    package func encode(_ text: String) -> [TokenID] {
        guard let textFinders else {
            var tokens: [TokenID] = []
            withEncoder { encoder in
                let bytes = pipeline.normalizer.normalized(text)
                encode(bytes, isBeginning: true, &encoder, into: &tokens)
            }
            return tokens
        }
        return encode(
            rendered: Array(text.utf8),
            textFinders,
            removing: nil,
            counting: [],
            isBeginning: true
        ).tokens
    }

    /// Encodes text in which all added tokens are recognized, such as the output of a chat
    /// template; adds nothing before or after.
    ///
    /// Never for what users write. The ids are those of `tokenizers` with
    /// `add_special_tokens=False`.
    package func encodeWithAddedTokens(_ text: String) -> [TokenID] {
        encode(
            rendered: Array(text.utf8),
            addedTokenFinders,
            removing: nil,
            counting: [],
            isBeginning: true
        ).tokens
    }

    /// Adds what the post-processor puts before and after a sequence, such as `<s>`, unless it is
    /// already there.
    package func postProcessed(_ tokens: [TokenID]) -> [TokenID] {
        pipeline.postProcessor.postProcessed(tokens)
    }

    /// The token of what the vocabulary lacks; `nil` if that is dropped or has byte tokens.
    package var unknownToken: TokenID? { model.missingBytes.isEmpty ? nil : model.unknown?.token }

    /// The tokens that begin every document: those of the post-processor; without any, the
    /// `bos_token` if `tokenizer_config.json` says that it is added, or the `<eos>` of this
    /// project's own vocabularies (CM3); otherwise none.
    package var documentPrefix: [TokenID] {
        let prefix = pipeline.postProcessor.prefix
        guard prefix.isEmpty else { return prefix }
        if specialTokensMap.addsBeginning,
            let token = addedTokens.first(where: { $0.spelling == specialTokensMap.beginning })
        {
            return [token.id]
        }
        guard let end = space.specialTokens[.end],
            spellings[end] == TokenSpace.SpecialToken.end.spelling
        else { return [] }
        return [end]
    }

    /// Appends the tokens of a normalized section of text.
    func encode(
        _ bytes: [UInt8],
        isBeginning: Bool,
        _ encoder: inout BPEEncoder,
        into tokens: inout [TokenID]
    ) {
        guard !bytes.isEmpty else { return }
        let prepared = pipeline.preTokenizer.prepared(bytes, isBeginning: isBeginning)
        let text = UTF8Text(bytes: prepared)
        tokens.reserveCapacity(tokens.count + text.end / 3)
        pipeline.preTokenizer.forEachPreToken(of: text) { piece in
            let part = text.ending(at: piece.upperBound)
            var start = piece.lowerBound
            while start < piece.upperBound {
                let end = model.endOfMergeableSpan(in: part, from: start)
                encoder.encode(text.bytes[start..<end], into: &tokens)
                start = end
            }
        }
    }
}
