import Basics

extension TokenSpace {
    /// The string of an image code's token in `tokenizer.json`.
    static func spelling(imageCode code: Int) -> String { "<image:\(code)>" }

    /// Whether a token with this string structures documents, whatever its flags say.
    static func isReserved(_ spelling: String) -> Bool {
        SpecialToken(spelling: spelling) != nil || spelling == chameleonBreak
            || imageCode(spelledBy: spelling) != nil || chameleonCode(spelledBy: spelling) != nil
    }

    private static let chameleonBreak = "<racm3:break>"

    /// Finds the special tokens and image codes of a file by their strings.
    ///
    /// `specialTokensMap` adds the special tokens that no string identifies.
    init(
        _ model: BPEModel,
        addedTokens: [AddedToken],
        specialTokensMap: SpecialTokensMap,
        _ reader: JSONReader
    ) throws(JSONFieldError) {
        var spellings = model.reserved
        for token in addedTokens { spellings[token.id] = token.spelling }
        var text = model.text
        for token in addedTokens where token.isText {
            text.insert(contentsOf: token.id..<token.id + 1)
        }
        var codes: [Int: TokenID] = [:]
        var chameleonCodes: [Int: TokenID] = [:]
        var emu3Codes: [Int: TokenID] = [:]
        for (id, spelling) in spellings.sorted(by: { $0.key < $1.key }) {
            if let code = Self.imageCode(spelledBy: spelling) { codes[code] = id }
            if let code = Self.emu3Code(spelledBy: spelling) { emu3Codes[code] = id }
            guard let code = Self.chameleonCode(spelledBy: spelling) else { continue }
            if let other = chameleonCodes.updateValue(id, forKey: code) {
                throw reader.failure(
                    model.reserved[id] == nil ? "added_tokens" : "model.vocab",
                    "\"\(spellings[other] ?? "")\" and \"\(spelling)\" are both the image code \(code)"
                )
            }
        }
        var image = try Self.range(ofImageCodes: codes, reader)
        if image.isEmpty { image = Self.range(ofConsecutive: chameleonCodes) }
        if image.isEmpty { image = Self.range(ofConsecutive: emu3Codes) }
        try specialTokensMap.check { token in
            addedTokens.contains { image.contains($0.id) && $0.spelling == token }
        }
        let count = max(model.tokens.count, (spellings.keys.max() ?? -1) + 1)
        let ends = specialTokensMap.ends.ids.filter { id in
            (0..<count).contains(id) && !text.contains(id) && !image.contains(id)
        }
        self.init(
            count: count,
            text: text,
            image: image,
            specialTokens: Self.specialTokens(addedTokens, specialTokensMap),
            ends: Set(
                addedTokens.filter { $0.spelling == specialTokensMap.end }.map(\.id)
                    + ends
            )
        )
    }

    private static func specialTokens(
        _ addedTokens: [AddedToken],
        _ specialTokensMap: SpecialTokensMap
    )
        -> [SpecialToken: TokenID]
    {
        var specialTokens: [SpecialToken: TokenID] = [:]
        for token in addedTokens {
            if let specialToken = SpecialToken(spelling: token.spelling) {
                specialTokens[specialToken] = token.id
            }
        }
        let others: [(SpecialToken, String?)] = [
            (.end, specialTokensMap.end), (.imageStart, chameleonBreak),
            (.imageStart, "<|image start|>"), (.padding, specialTokensMap.padding),
        ]
        let ends = specialTokensMap.ends.ids.compactMap { id in
            addedTokens.first { $0.id == id }?.spelling
        }
        for (specialToken, spelling) in others + ends.map({ (.end, $0) })
        where specialTokens[specialToken] == nil {
            guard let token = addedTokens.first(where: { $0.spelling == spelling }),
                !specialTokens.values.contains(token.id)
            else { continue }
            specialTokens[specialToken] = token.id
        }
        return specialTokens
    }

    private static func range(
        ofImageCodes codes: [Int: TokenID],
        _ reader: JSONReader
    ) throws(JSONFieldError) -> Range<TokenID> {
        guard !codes.isEmpty else { return 0..<0 }
        guard let first = codes[0] else {
            throw reader.failure(
                "added_tokens",
                "has image codes, but no \(spelling(imageCode: 0))"
            )
        }
        for code in 0..<codes.count where codes[code] != first + code {
            let found = codes[code].map { "has the id \($0)" } ?? "is missing"
            throw reader.failure(
                "added_tokens",
                "\(spelling(imageCode: code)) \(found); image codes have ids without gaps, and "
                    + "\(spelling(imageCode: 0)) has \(first)"
            )
        }
        return first..<first + codes.count
    }

    private static func imageCode(spelledBy spelling: String) -> Int? {
        guard spelling.hasPrefix("<image:"), spelling.hasSuffix(">"),
            let code = Int(spelling.dropFirst("<image:".count).dropLast())
        else { return nil }
        return Self.spelling(imageCode: code) == spelling && code >= 0 ? code : nil
    }

    /// The image code of one of Chameleon's tokens: `IMGIMG`, its digits as the letters A to J, and
    /// `Z`.
    static func chameleonCode(spelledBy spelling: String) -> Int? {
        let bytes = Array(spelling.utf8)
        guard bytes.starts(with: "IMGIMG".utf8), bytes.last == UInt8(ascii: "Z"),
            (8...16).contains(bytes.count)
        else { return nil }
        var code = 0
        for byte in bytes.dropFirst(6).dropLast() {
            guard (0x41...0x4A).contains(byte) else { return nil }
            code = code * 10 + Int(byte - 0x41)
        }
        return code
    }

    /// The image code of one of Emu3's tokens, such as `<|visual token 000042|>`.
    private static func emu3Code(spelledBy spelling: String) -> Int? {
        guard spelling.hasPrefix("<|visual token "), spelling.hasSuffix("|>") else { return nil }
        let digits = spelling.utf8.dropFirst("<|visual token ".utf8.count).dropLast(2)
        guard digits.count == 6, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// The ids of Chameleon's or Emu3's codes, if they are consecutive; otherwise the codes are not
    /// text, but not usable either.
    private static func range(ofConsecutive codes: [Int: TokenID]) -> Range<TokenID> {
        guard let first = codes[0], (0..<codes.count).allSatisfy({ codes[$0] == first + $0 }) else {
            return 0..<0
        }
        return first..<first + codes.count
    }
}
