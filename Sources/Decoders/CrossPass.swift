internal import Layers
internal import Tensors

// B rows, T positions.

/// What towers and bridges read in a forward pass, where they do not all read the same.
struct CrossPass {
    let text: TowerPass
    let image: TowerPass
    /// `nil` where no bridge writes to the tower.
    let toText: BridgePass?
    let toImage: BridgePass?

    /// What is read of tokens [B, T], of which the first of each row is at `starts` in its sequence.
    ///
    /// Each tower has a branch of the cache.
    init(
        _ tokens: TokenRows,
        from starts: [Int],
        _ config: CrossConfig,
        text: Tower,
        image: Tower,
        _ places: [[ImagePlaces.Place]]?,
        _ cache: KeyValueCache?
    ) {
        func isOfImage(_ token: Int) -> Bool { config.imageTokens?.contains(token) == true }
        func isOfText(_ token: Int) -> Bool { !isOfImage(token) }
        func isCode(_ token: Int) -> Bool { config.imageTokens?.codes.contains(token) == true }
        let ofText = TowerPass(
            tokens,
            from: starts,
            of: text,
            cache,
            reads: config.reads.text == .own ? isOfText : nil
        )
        let ofImage = TowerPass(
            tokens,
            from: starts,
            of: image,
            cache,
            reads: config.reads.image == .own ? isOfImage : nil
        )
        (self.text, self.image) = (ofText, ofImage)
        // The cache of the keys of all bridges into a tower is a branch of that tower's.
        toText =
            config.bridges.contains { $0.direction.writesToText }
            ? BridgePass(
                into: ofText,
                from: ofImage,
                cache?.branch(of: text).branch(of: text),
                isKey: config.attends.text == .foreign ? isCode : nil,
                isWritten: nil
            ) : nil
        toImage =
            config.bridges.contains { $0.direction.writesToImage }
            ? BridgePass(
                into: ofImage,
                from: ofText,
                cache?.branch(of: image).branch(of: image),
                isKey: config.attends.image == .foreign ? isOfText : nil,
                isWritten: config.writes == .drawn
                    ? places.map { places in
                        { row, place in places[row][place - starts[row]].contains(.draws) }
                    } : nil
            ) : nil
    }

    /// Ends the pass.
    func advance() {
        text.advance()
        image.advance()
        toText?.advance()
        toImage?.advance()
    }
}
