import Basics
public import Vocabulary

/// What the rows of the fused tables mean, and whose they are.
public struct TokenTable: Sendable, Equatable {
    /// Ordinary text tokens.
    public let text: RangeSet<TokenID>
    /// Markers, as `<break>`.
    public let markers: Int
    /// Image codes.
    public let image: Range<TokenID>
    /// Rows of the tables, padded ones included.
    public let rows: Int

    /// Counts the tokens of a space whose tables have `rows` rows.
    init(_ space: TokenSpace, rows: Int) {
        text = space.text
        markers = space.markers.count
        image = space.image
        self.rows = rows
    }

    /// Rows that are neither: other added tokens, and rows that no token uses.
    public var others: Int { rows - text.count - markers - image.count }

    /// The table for a program.
    var json: JSON {
        [
            "text": .integer(text.count),
            "markers": .integer(markers),
            "image": .integer(image.count),
            "first_image": image.isEmpty ? .null : .integer(image.lowerBound),
            "others": .integer(others),
            "rows": .integer(rows),
        ]
    }
}
