extension Tokenizer {
    /// This tokenizer with special tokens and then image codes appended after its last id.
    ///
    /// All other ids keep their meaning.
    /// - Throws: `TokenizerError` if one of the tokens exists already, or if there would be too
    ///   many ids.
    package func appending(
        specialTokens: [TokenSpace.SpecialToken],
        imageCodeCount: Int
    ) throws(TokenizerError) -> Tokenizer {
        let firstCode = space.count + specialTokens.count
        let room = TokenID.accepted.upperBound - firstCode
        guard imageCodeCount >= 0, imageCodeCount <= room else {
            throw .imageCodeCount(imageCodeCount)
        }
        guard imageCodeCount == 0 || space.image.isEmpty else {
            throw .alreadyPresent(spelling: TokenSpace.spelling(imageCode: 0))
        }
        var allSpecialTokens = space.specialTokens
        for (index, specialToken) in specialTokens.enumerated() {
            guard allSpecialTokens.updateValue(space.count + index, forKey: specialToken) == nil
            else {
                throw .alreadyPresent(spelling: specialToken.spelling)
            }
        }
        let spellings =
            specialTokens.map(\.spelling)
            + (0..<imageCodeCount).map(TokenSpace.spelling(imageCode:))
        let newTokens = spellings.enumerated().map {
            AddedToken(id: space.count + $0, spelling: $1)
        }
        return Tokenizer(
            model: model,
            pipeline: pipeline,
            addedTokens: addedTokens + newTokens,
            specialTokensMap: specialTokensMap,
            space: TokenSpace(
                count: firstCode + imageCodeCount,
                text: space.text,
                image: imageCodeCount == 0
                    ? space.image : firstCode..<firstCode + imageCodeCount,
                specialTokens: allSpecialTokens,
                ends: space.ends
            ),
            warnings: warnings
        )
    }
}
