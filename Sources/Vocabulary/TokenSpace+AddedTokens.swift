import Basics

extension TokenSpace {
    /// How `tokenizer.json` spells the token of an image code.
    static func spelling(imageCode code: Int) -> String { "<image:\(code)>" }

    /// Sorts the added tokens of a file by their spelling: markers, image codes, and others.
    init(
        text: Range<TokenID>,
        addedTokens: [AddedToken],
        _ reader: JSONReader
    ) throws(JSONFieldError) {
        var markers: [Marker: TokenID] = [:]
        var codes: [Int: TokenID] = [:]
        for token in addedTokens {
            if let marker = Marker(spelling: token.spelling) {
                markers[marker] = token.id
            } else if let code = Self.imageCode(spelledBy: token.spelling) {
                codes[code] = token.id
            }
        }
        let lastID = max(text.upperBound - 1, addedTokens.map(\.id).max() ?? 0)
        self.init(
            count: lastID + 1,
            text: text,
            image: try Self.range(ofImageCodes: codes, reader),
            markers: markers
        )
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
}
