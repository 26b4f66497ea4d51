extension Tokenizer {
    /// A text in which `mark` stands within each string that would be read as a special token.
    func protecting(_ text: String, by mark: Unicode.Scalar) -> String {
        let finders = addedTokenFinders
        var bytes = Array(text.utf8)
        // A string within another's may appear once that one is interrupted.
        while true {
            let sections = finders.special.sections(of: UTF8Text(bytes: bytes))
            guard sections.contains(where: { $0.token != nil }) else { break }
            var marked: [UInt8] = []
            for section in sections {
                var part = Array(bytes[section.range])
                if section.token != nil {
                    let first = UTF8Text(bytes: part).value(at: 0)?.end ?? part.count
                    part.insert(contentsOf: String(mark).utf8, at: first)
                }
                marked += part
            }
            bytes = marked
        }
        let protected = String(decoding: bytes, as: UTF8.self)
        let normalized = UTF8Text(bytes: pipeline.normalizer.normalized(protected))
        let isSafe = finders.normalized.sections(of: normalized).allSatisfy {
            $0.token.map { !finders.normalizedSpecial.contains($0) } ?? true
        }
        guard !isSafe else { return protected }
        // Normalization makes a special token of other characters, such as wide ones.
        return text.unicodeScalars.reduce(into: "") { $0 += String($1) + String(mark) }
    }

    /// Encodes rendered text, in which special tokens are recognized.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8.
    ///   - finders: the added tokens to recognize.
    ///   - mark: a character that keeps special tokens from being recognized, and is removed.
    ///   - places: offsets in `bytes`, in rising order, and whether a token across one of them comes
    ///     before it.
    ///   - isBeginning: whether a sequence begins with it.
    /// - Returns: the tokens, and the number of tokens before each place.
    func encode(
        rendered bytes: [UInt8],
        _ finders: AddedTokenFinders,
        removing mark: Unicode.Scalar?,
        counting places: [(offset: Int, isEnd: Bool)],
        isBeginning: Bool
    ) -> (tokens: [TokenID], counts: [Int]) {
        var tokens: [TokenID] = []
        var counts: [Int] = []
        var waiting = places[...]
        for section in finders.plain.sections(of: UTF8Text(bytes: bytes)) {
            let isFirst = isBeginning && section.range.lowerBound == 0
            let added =
                section.token.map { [$0] }
                ?? encodeNormalizing(Array(bytes[section.range]), finders, removing: mark, isFirst)
            let places = waiting.prefix { $0.offset < section.range.upperBound }
            waiting = waiting.dropFirst(places.count)
            counts += places.map { place in
                guard section.token == nil, place.offset > section.range.lowerBound else {
                    return tokens.count
                }
                let part = Array(bytes[section.range.lowerBound..<place.offset])
                return tokens.count + count(of: added, upTo: part, mark, isFirst, place.isEnd)
            }
            tokens += added
        }
        counts += waiting.map { _ in tokens.count }
        return (tokens, counts)
    }

    /// How many of the first tokens lie within the beginning of their text, or begin in it.
    private func count(
        of tokens: [TokenID],
        upTo beginning: [UInt8],
        _ mark: Unicode.Scalar?,
        _ isBeginning: Bool,
        _ isEnd: Bool
    ) -> Int {
        let normalized = pipeline.normalizer.normalized(beginning).removing(mark)
        var left = pipeline.preTokenizer.prepared(normalized, isBeginning: isBeginning).count
        return tokens.prefix { token in
            let before = left
            left -= byteCount(of: token)
            return isEnd ? before > 0 : left >= 0
        }.count
    }

    /// The bytes of prepared text that a token stands for.
    private func byteCount(of token: TokenID) -> Int {
        guard model.text.contains(token) else { return spellings[token]?.utf8.count ?? 0 }
        let bytes = model.tokens[token]
        if model.alphabet == .characters, ByteFallback.byte(spelledBy: bytes) != nil { return 1 }
        return bytes.count
    }

    private func encodeNormalizing(
        _ bytes: [UInt8],
        _ finders: AddedTokenFinders,
        removing mark: Unicode.Scalar?,
        _ isBeginning: Bool
    ) -> [TokenID] {
        let normalized = pipeline.normalizer.normalized(bytes)
        var tokens: [TokenID] = []
        withEncoder { encoder in
            for section in finders.normalized.sections(of: UTF8Text(bytes: normalized)) {
                if let token = section.token {
                    tokens.append(token)
                    continue
                }
                let part = Array(normalized[section.range]).removing(mark)
                let starts = isBeginning && section.range.lowerBound == 0
                encode(part, isBeginning: starts, &encoder, into: &tokens)
            }
        }
        return tokens
    }
}

extension [UInt8] {
    /// These bytes without a character.
    fileprivate func removing(_ mark: Unicode.Scalar?) -> [UInt8] {
        let others = mark.map { Array(String($0).utf8) } ?? []
        guard let first = others.first, contains(first) else { return self }
        var (kept, place): ([UInt8], Int) = ([], 0)
        while place < count {
            if self[place] == first, self[place...].starts(with: others) {
                place += others.count
            } else {
                kept.append(self[place])
                place += 1
            }
        }
        return kept
    }
}
