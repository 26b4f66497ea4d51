/// Finds some added tokens: those matched in the text as it is, and those matched after normalization.
struct AddedTokenFinders: Sendable {
    let plain: AddedTokenFinder
    let normalized: AddedTokenFinder

    init(_ tokens: [AddedToken], _ normalizer: Normalizer) {
        plain = AddedTokenFinder(tokens.filter { !$0.isNormalized }.map { ($0.bytes, $0) })
        normalized = AddedTokenFinder(
            tokens.filter(\.isNormalized).map { (normalizer.normalized($0.bytes), $0) }
        )
    }
}
