/// What finds added tokens: those that stand in a text as it is, and those that stand in a normalized
/// one.
struct AddedTokenFinders: Sendable {
    let plain: AddedTokenFinder
    let normalized: AddedTokenFinder

    /// Sorts the tokens by their flag.
    init(_ tokens: [AddedToken], _ normalizer: Normalizer) {
        plain = AddedTokenFinder(tokens.filter { !$0.isNormalized }.map { ($0.bytes, $0) })
        normalized = AddedTokenFinder(
            tokens.filter(\.isNormalized).map { (normalizer.normalized($0.bytes), $0) }
        )
    }
}
