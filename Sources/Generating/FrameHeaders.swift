package import Vocabulary

/// The images that an answer may draw, by their sizes.
package struct FrameHeaders: Sendable {
    /// A size and how an image of it begins.
    struct Header: Sendable {
        let size: GridSize
        let tokens: [TokenID]
        /// The number of tokens of the whole image.
        let tokenCount: Int
    }

    package let layout: FrameLayout
    /// In rising order of the tokens; none is the beginning of another.
    private let headers: [Header]
    /// The tokens of the smallest image.
    package let smallest: Int
    /// The tokens of a usual image.
    package let usual: Int

    /// The images of some sizes, at least one.
    package init(_ layout: FrameLayout, sizes: [GridSize]) {
        self.layout = layout
        let all = sizes.map {
            Header(
                size: $0,
                tokens: layout.header(of: $0),
                tokenCount: layout.tokenCount(of: $0)
            )
        }
        // A normalizer could make two sizes one text; the first size is then meant.
        var headers: [Header] = []
        for header in all.sorted(by: { $0.tokens.lexicographicallyPrecedes($1.tokens) })
        where header.tokens != headers.last?.tokens { headers.append(header) }
        self.headers = headers
        guard let smallest = headers.map(\.tokenCount).min() else {
            preconditionFailure("an image has a possible size")
        }
        self.smallest = smallest
        usual = headers.first { $0.size == layout.usualSize }?.tokenCount ?? smallest
    }

    /// Those of images that fit into `room` tokens.
    func fitting(_ room: Int) -> [Header] { headers.filter { $0.tokenCount <= room } }
}
