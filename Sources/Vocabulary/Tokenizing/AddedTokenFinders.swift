/// Finds some added tokens: those matched in the text as it is, and those matched after normalization.
struct AddedTokenFinders: Sendable {
    let plain: AddedTokenFinder
    let normalized: AddedTokenFinder
    /// Finds the strings of special tokens wherever they stand.
    let special: AddedTokenFinder
    /// The special tokens that are matched after normalization.
    let normalizedSpecial: Set<TokenID>

    /// Makes the finders; `isSpecial` says which tokens no text of a user may become.
    init(_ tokens: [AddedToken], _ normalizer: Normalizer, isSpecial: (AddedToken) -> Bool) {
        plain = AddedTokenFinder(tokens.filter { !$0.isNormalized }.map { ($0.bytes, $0) })
        normalized = AddedTokenFinder(
            tokens.filter(\.isNormalized).map { (normalizer.normalized($0.bytes), $0) }
        )
        let special = tokens.filter(isSpecial)
        self.special = AddedTokenFinder(
            special.map { ($0.bytes, AddedToken(id: $0.id, spelling: $0.spelling)) }
        )
        normalizedSpecial = Set(special.filter(\.isNormalized).map(\.id))
    }
}
