package import Basics

extension Tokenizer {
    /// This tokenizer with only the tokens that `used` needs, and new ids in the old order.
    ///
    /// A text whose tokens are in `used` is split as before. Any other text is split as well, into
    /// smaller tokens where some are gone, since every token of a single byte is kept. The special
    /// tokens stay, so that the end of text is the same one. Nothing is put before or after a
    /// sequence anymore.
    ///
    /// 1. Keep the tokens in `used`, and all tokens of one byte.
    /// 2. Keep the tokens on the way to each: a token's merges in a text are those of its own text
    ///    alone, since no merge crosses its ends.
    /// 3. Keep every merge of which all three tokens are kept. At each step of a text in `used` the
    ///    first possible merge is then the same one.
    package func subset(for used: Set<TokenID>) throws(JSONFieldError) -> Tokenizer {
        let texts = model.tokensNeeded(for: used).sorted()
        let unknown = model.unknown?.token
        let named = Set(specialTokensMap.named.map(\.spelling))
        let kept = used.union(space.specialTokens.values)
        let added = addedTokens.filter { token in
            kept.contains(token.id) || named.contains(token.spelling) || token.id == unknown
        }.sorted { $0.id < $1.id }
        var ids = Dictionary(uniqueKeysWithValues: zip(texts, 0...))
        for token in added where ids[token.id] == nil { ids[token.id] = ids.count }
        if let unknown, ids[unknown] == nil { ids[unknown] = ids.count }

        var file = pipeline.json
        file["post_processor"] = .null
        file["added_tokens"] = .array(
            added.compactMap { token in ids[token.id].map { token.renumbered($0).json } }
        )
        file["model"] = model.subset(renumbering: ids, textCount: texts.count).json
        var map = specialTokensMap
        map.ends = EndIDs()
        return try Tokenizer(
            json: .object(file),
            source: "the subset of a tokenizer.json",
            specialTokensMap: map
        )
    }
}

extension BPEModel {
    /// The text tokens of `used`, those on the way to them, and those of single bytes.
    fileprivate func tokensNeeded(for used: Set<TokenID>) -> Set<TokenID> {
        var needed = Set((byteTokens + endOfWordByteTokens).compactMap(\.self))
        var merger = BPEMerger()
        for token in used where text.contains(token) {
            needed.insert(token)
            needed.formUnion(merger.tokensMade(from: symbols(of: token), with: self))
        }
        return needed
    }

    /// The symbols that a text token is merged from.
    private func symbols(of token: TokenID) -> [TokenID] {
        if byteTokens.contains(token) { return [token] }
        let spelling = tokens[token]
        guard alphabet == .bytes else {
            let text = UTF8Text(bytes: spelling)
            var symbols: [TokenID] = []
            var place = 0
            while let (value, end) = text.value(at: place) {
                let bytes = text.bytes[place..<end].compactMap { byteTokens[Int($0)] }
                symbols += characterTokens[value].map { [$0] } ?? bytes
                place = end
            }
            return symbols
        }
        let suffix = endOfWordSuffix
        let isEnd =
            !suffix.isEmpty && spelling.count > suffix.count
            && spelling.suffix(suffix.count) == suffix[...]
        guard isEnd else { return spelling.compactMap { byteTokens[Int($0)] } }
        let word = spelling.dropLast(suffix.count)
        return word.dropLast().compactMap { byteTokens[Int($0)] }
            + word.suffix(1).compactMap { endOfWordByteTokens[Int($0)] }
    }

    /// This model with the tokens that have new ids, the text first, and the merges among them.
    fileprivate func subset(renumbering ids: [TokenID: TokenID], textCount: Int) -> BPEModel {
        var tokens = [[UInt8]](repeating: [], count: textCount)
        var reserved: [TokenID: String] = [:]
        for (old, new) in ids {
            if new < textCount { tokens[new] = self.tokens[old] }
            if let spelling = self.reserved[old] { reserved[new] = spelling }
        }
        let merges = merges.compactMap { merge -> Merge? in
            guard let left = ids[merge.left], let right = ids[merge.right],
                let result = ids[merge.result]
            else { return nil }
            return Merge(left: left, right: right, result: result)
        }
        return BPEModel(
            alphabet: alphabet,
            fallsBack: byteTokens.contains { $0 != nil },
            unknown: unknown.flatMap { unknown in
                ids[unknown.token].map { Unknown(token: $0, isFused: unknown.isFused) }
            },
            endOfWordSuffix: endOfWordSuffix,
            tokens: tokens,
            merges: merges,
            ignoresMerges: ignoresMerges,
            reserved: reserved,
            settings: settings
        )
    }
}
