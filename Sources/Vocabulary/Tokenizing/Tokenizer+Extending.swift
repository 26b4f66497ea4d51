extension Tokenizer {
    /// This tokenizer with markers and image codes after its last id, in this order.
    ///
    /// Every id that it has now keeps its meaning.
    /// - Throws: `TokenizerError` if one of the markers or any image code is there already, or if
    ///   there would be too many ids.
    public func appending(
        markers: [TokenSpace.Marker],
        imageCodeCount: Int
    ) throws(TokenizerError) -> Tokenizer {
        let firstCode = space.count + markers.count
        let room = TokenID.accepted.upperBound - firstCode
        guard imageCodeCount >= 0, imageCodeCount <= room else {
            throw .imageCodeCount(imageCodeCount)
        }
        guard imageCodeCount == 0 || space.image.isEmpty else {
            throw .alreadyPresent(spelling: TokenSpace.spelling(imageCode: 0))
        }
        var allMarkers = space.markers
        for (index, marker) in markers.enumerated() {
            guard allMarkers.updateValue(space.count + index, forKey: marker) == nil else {
                throw .alreadyPresent(spelling: marker.spelling)
            }
        }
        let spellings =
            markers.map(\.spelling)
            + (0..<imageCodeCount).map(TokenSpace.spelling(imageCode:))
        let newTokens = spellings.enumerated().map {
            AddedToken(id: space.count + $0, spelling: $1)
        }
        return Tokenizer(
            model: model,
            pipeline: pipeline,
            addedTokens: addedTokens + newTokens,
            roles: roles,
            space: TokenSpace(
                count: firstCode + imageCodeCount,
                text: space.text,
                image: imageCodeCount == 0
                    ? space.image : firstCode..<firstCode + imageCodeCount,
                markers: allMarkers
            )
        )
    }
}
