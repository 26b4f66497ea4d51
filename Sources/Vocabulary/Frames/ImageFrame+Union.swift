extension ImageFrame {
    /// The frame in another vocabulary, in which tokens may have other strings; a `nil` keeps one.
    package func respelled(_ spelling: (String) -> String?) -> ImageFrame {
        func respelled(_ tokens: [String]) -> [String] { tokens.map { spelling($0) ?? $0 } }
        var frame = self
        frame.opening = respelled(opening)
        frame.afterSize = respelled(afterSize)
        frame.rowEnd = rowEnd.map { spelling($0) ?? $0 }
        frame.closing = respelled(closing)
        return frame
    }
}

extension Tokenizer {
    /// The string of the added token that another vocabulary spells `spelling`: the same, or that of
    /// the special token with the same meaning; `nil` if there is none.
    package func spelling(like spelling: String, of other: Tokenizer) -> String? {
        if spellings.values.contains(spelling) { return spelling }
        let ids = other.spellings.filter { $0.value == spelling }.keys
        guard let id = ids.min(), case .specialToken(let token) = other.space.kind(of: id) else {
            return nil
        }
        return space.specialTokens[token].flatMap { self.spelling(of: $0) }
    }
}
