/// A frame in a vocabulary: which tokens an image of a size has.
package struct FrameLayout: Sendable {
    package let frame: ImageFrame
    /// The size of the image tokenizer, the only one if the frame has no others.
    package let usualSize: GridSize

    private let tokenizer: Tokenizer
    private let opening: [TokenID]
    private let afterSize: [TokenID]
    private let rowEnd: TokenID?
    private let closing: [TokenID]
    /// The tokens of one step, two steps and so on.
    private let stepTokens: [TokenID]

    /// Finds the tokens of a frame.
    ///
    /// - Parameters:
    ///   - frame: what a model writes.
    ///   - tokenizer: has its tokens as added tokens.
    ///   - usualSize: that of the image tokenizer.
    /// - Throws: ``ImageFrameError`` for a token that the vocabulary lacks or that cannot be one.
    package init(_ frame: ImageFrame, in tokenizer: Tokenizer, usualSize: GridSize)
        throws(ImageFrameError)
    {
        let finder = SpellingFinder(tokenizer)
        self.frame = frame
        self.tokenizer = tokenizer
        self.usualSize = usualSize
        opening = try finder.ids(of: frame.opening)
        afterSize = try finder.ids(of: frame.afterSize)
        rowEnd = try finder.ids(of: frame.rowEnd.map { [$0] } ?? []).first
        closing = try finder.ids(of: frame.closing)
        if case .tokens(let first)? = frame.size?.notation {
            let spellings = (0..<(frame.size?.longestSide ?? 0)).map {
                ImageFrame.numbered(first, plus: $0) ?? first
            }
            stepTokens = try finder.ids(of: spellings)
        } else {
            stepTokens = []
        }
        guard let start = opening.first else { preconditionFailure("a frame has an opening") }
        let others = opening.dropFirst() + afterSize + (rowEnd.map { [$0] } ?? []) + closing
        if others.contains(start) || stepTokens.contains(start) {
            throw .ambiguous(frame.opening[0])
        }
    }

    /// All tokens of frames but the text of sizes.
    package var tokens: [TokenID] {
        opening + stepTokens + afterSize + (rowEnd.map { [$0] } ?? []) + closing
    }

    /// The token that begins an image.
    package var start: TokenID { opening[0] }

    // MARK: - Sizes

    /// All possible sizes.
    package var sizes: [GridSize] { frame.size?.all ?? [usualSize] }

    /// The sizes that images are read at: each at the one of the nearest aspect ratio.
    package var readSizes: [GridSize] { frame.size?.largest ?? [usualSize] }

    /// Whether an image may have a size.
    package func allows(_ size: GridSize) -> Bool {
        frame.size?.contains(size) ?? (size == usualSize)
    }

    /// The size for an image of so many pixels.
    package func size(forWidth width: Int, height: Int) -> GridSize {
        frame.size?.best(forWidth: width, height: height) ?? usualSize
    }

    /// The number of tokens of an image.
    package func tokenCount(of size: GridSize) -> Int {
        header(of: size).count + bodyCount(of: size) + closing.count
    }

    // MARK: - Tokens

    /// The tokens before the first code.
    package func header(of size: GridSize) -> [TokenID] {
        guard let variable = frame.size else { return opening + afterSize }
        let said =
            switch variable.notation {
            case .tokens:
                [size.height, size.width].map { stepTokens[$0 / variable.step - 1] }
            case .text(let separator): tokenizer.encode("\(size.height)\(separator)\(size.width)")
            }
        return opening + said + afterSize
    }

    /// The number of codes and of ends of rows.
    package func bodyCount(of size: GridSize) -> Int { size.height * rowLength(size) }

    /// The number of tokens before the code `index`, counted from the first code.
    package func place(ofCode index: Int, in size: GridSize) -> Int {
        index / size.width * rowLength(size) + index % size.width
    }

    /// The token at a place counted from the first code: the end of a row or one of those that close
    /// the image; `nil` for a code.
    package func token(at place: Int, of size: GridSize) -> TokenID? {
        let body = bodyCount(of: size)
        guard place < body else { return closing[place - body] }
        return place % rowLength(size) == size.width ? rowEnd : nil
    }

    /// The number of tokens from the first code on.
    package func countAfterHeader(of size: GridSize) -> Int { bodyCount(of: size) + closing.count }

    private func rowLength(_ size: GridSize) -> Int { size.width + (rowEnd == nil ? 0 : 1) }

    /// An image of some codes in its frame.
    ///
    /// - Parameters:
    ///   - codes: in row-major order, as many as `size` has.
    ///   - size: a possible one.
    /// - Returns: its tokens.
    package func framed(_ codes: [Int], _ size: GridSize) -> FramedImage {
        precondition(codes.count == size.count && allows(size), "an image has a possible size")
        var tokens = header(of: size)
        let start = tokens.count
        var rest = codes[...]
        for place in 0..<countAfterHeader(of: size) {
            let token = token(at: place, of: size)
            tokens.append(token ?? tokenizer.space.token(imageCode: rest.removeFirst()))
        }
        let last = place(ofCode: size.count - 1, in: size)
        return FramedImage(tokens: tokens, codes: start..<start + last + 1)
    }
}

/// Finds added tokens by their strings.
private struct SpellingFinder {
    private let space: TokenSpace
    private let ids: [[UInt8]: TokenID]

    init(_ tokenizer: Tokenizer) {
        space = tokenizer.space
        ids = tokenizer.spellings.reduce(into: [:]) { ids, entry in
            let bytes = Array(entry.value.utf8)
            ids[bytes] = min(entry.key, ids[bytes] ?? entry.key)
        }
    }

    func ids(of spellings: [String]) throws(ImageFrameError) -> [TokenID] {
        var found: [TokenID] = []
        for spelling in spellings {
            guard let id = ids[Array(spelling.utf8)] else { throw .noToken(spelling) }
            switch space.kind(of: id) {
            case .text, .image, .specialToken(.end): throw .notSpecial(spelling)
            case .specialToken, .unused: found.append(id)
            }
        }
        return found
    }
}
