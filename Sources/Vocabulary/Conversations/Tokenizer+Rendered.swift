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
    ///   - mark: a character that keeps special tokens from being recognized, and is removed.
    ///   - offsets: places in `bytes`, in rising order.
    ///   - isBeginning: whether a sequence begins with it.
    /// - Returns: the tokens, and the number of tokens before each place. A token across a place
    ///   comes after it.
    func encode(
        rendered bytes: [UInt8],
        removing mark: Unicode.Scalar?,
        counting offsets: [Int],
        isBeginning: Bool
    ) -> (tokens: [TokenID], counts: [Int]) {
        var tokens: [TokenID] = []
        var counts: [Int] = []
        var waiting = offsets[...]
        for section in addedTokenFinders.plain.sections(of: UTF8Text(bytes: bytes)) {
            func encoded(upTo end: Int) -> [TokenID] {
                let part = Array(bytes[section.range.lowerBound..<end])
                let starts = isBeginning && section.range.lowerBound == 0
                return encodeNormalizing(part, removing: mark, isBeginning: starts)
            }
            while let place = waiting.first, place <= section.range.lowerBound {
                counts.append(tokens.count)
                waiting.removeFirst()
            }
            let added = section.token.map { [$0] } ?? encoded(upTo: section.range.upperBound)
            while let place = waiting.first, place < section.range.upperBound {
                let before = section.token == nil ? encoded(upTo: place) : []
                let common = zip(before, added).prefix { $0 == $1 }.count
                counts.append(tokens.count + common)
                waiting.removeFirst()
            }
            tokens += added
        }
        counts += waiting.map { _ in tokens.count }
        return (tokens, counts)
    }

    private func encodeNormalizing(
        _ bytes: [UInt8],
        removing mark: Unicode.Scalar?,
        isBeginning: Bool
    ) -> [TokenID] {
        let mark = mark.map { Array(String($0).utf8) } ?? []
        let normalized = pipeline.normalizer.normalized(bytes)
        var tokens: [TokenID] = []
        withEncoder { encoder in
            for section in addedTokenFinders.normalized.sections(of: UTF8Text(bytes: normalized)) {
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
    /// These bytes without each occurrence of `others`.
    fileprivate func removing(_ others: [UInt8]) -> [UInt8] {
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
