extension Tokenizer {
    /// The text tokens of `text`, and nothing else: no special token, even if the text spells one, and none
    /// put before or after.
    ///
    /// The time grows with the length of the text, also where it has no spaces.
    package func encode(_ text: String) -> [TokenID] {
        var tokens: [TokenID] = []
        withEncoder { encoder in
            let bytes = pipeline.normalizer.normalized(text)
            encode(bytes, isBeginning: true, &encoder, into: &tokens)
        }
        return tokens
    }

    /// The tokens of a text whose added tokens are meant, as a conversation that a template made: each
    /// spelling of one becomes it, and nothing is put before or after.
    ///
    /// Never for what users write. The ids are those of `tokenizers` without its special tokens.
    package func encodeWithAddedTokens(_ text: String) -> [TokenID] {
        let finders = addedTokenFinders
        let text = UTF8Text(text)
        var tokens: [TokenID] = []
        withEncoder { encoder in
            for section in finders.plain.sections(of: text) where !section.range.isEmpty {
                if let token = section.token {
                    tokens.append(token)
                    continue
                }
                let bytes = pipeline.normalizer.normalized(Array(text.bytes[section.range]))
                for inner in finders.normalized.sections(of: UTF8Text(bytes: bytes)) {
                    if let token = inner.token {
                        tokens.append(token)
                        continue
                    }
                    let isBeginning = section.range.lowerBound == 0 && inner.range.lowerBound == 0
                    let part = Array(bytes[inner.range])
                    encode(part, isBeginning: isBeginning, &encoder, into: &tokens)
                }
            }
        }
        return tokens
    }

    /// The pieces of `text`, normalized, that merges never cross; together they are all of it, but for
    /// white space that the family drops.
    package func pieces(of text: String) -> [String] {
        let bytes = pipeline.normalizer.normalized(text)
        guard !bytes.isEmpty else { return [] }
        let prepared = UTF8Text(bytes: pipeline.cutter.prepared(bytes, isBeginning: true))
        var pieces: [String] = []
        pipeline.cutter.forEachPiece(of: prepared) { piece in
            pieces.append(String(decoding: prepared.bytes[piece], as: UTF8.self))
        }
        return pieces
    }

    /// `tokens` with what the family puts before and after a sequence, as `<s>`; where it stands
    /// already, it is not put again.
    package func framing(_ tokens: [TokenID]) -> [TokenID] { pipeline.frame.framing(tokens) }

    /// Appends the tokens of a normalized stretch of text.
    private func encode(
        _ bytes: [UInt8],
        isBeginning: Bool,
        _ encoder: inout PieceEncoder,
        into tokens: inout [TokenID]
    ) {
        guard !bytes.isEmpty else { return }
        let prepared = pipeline.cutter.prepared(bytes, isBeginning: isBeginning)
        let text = UTF8Text(bytes: prepared)
        tokens.reserveCapacity(tokens.count + text.end / 3)
        pipeline.cutter.forEachPiece(of: text) { piece in
            let part = text.ending(at: piece.upperBound)
            var start = piece.lowerBound
            while start < piece.upperBound {
                let end = model.endOfStretch(in: part, from: start)
                encoder.encode(text.bytes[start..<end], into: &tokens)
                start = end
            }
        }
    }
}
