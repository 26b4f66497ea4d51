import Basics
package import Vocabulary

/// What the rows of the fused tables mean, and whose they are.
package struct TokenTable: Sendable, Equatable {
    /// Ordinary text tokens.
    package let text: RangeSet<TokenID>
    /// Special tokens, as `<break>`.
    package let specialTokens: Int
    /// Image codes.
    package let image: Range<TokenID>
    /// Rows of the tables, padded ones included.
    package let rows: Int

    /// How the rows of each parent stand for those of the union, where there is one.
    package let union: TokenUnion?

    /// Counts the tokens of the fused vocabulary.
    init(_ parents: Parents) {
        let space = parents.space
        text = space.text
        specialTokens = space.specialTokens.count
        image = space.image
        rows = parents.rows
        union = parents.union
    }

    /// Rows that are neither: other added tokens, and rows that no token uses.
    package var others: Int { rows - text.count - specialTokens - image.count }

    /// The table for a program.
    var json: JSON {
        var json: JSON.Object = [
            "text": .integer(text.count),
            "special tokens": .integer(specialTokens),
            "image": .integer(image.count),
            "first_image": image.isEmpty ? .null : .integer(image.lowerBound),
            "others": .integer(others),
            "rows": .integer(rows),
        ]
        if let union { json["union"] = union.summary }
        return .object(json)
    }
}

extension TokenUnion {
    /// What was appended, and for each parent how many rows there are of each case.
    fileprivate var summary: JSON {
        func counts(_ side: Side) -> JSON {
            var counts = JSON.Object()
            for found in Side.Case.allCases {
                counts[found.rawValue] = .integer(side.count(of: found))
            }
            counts["left_out"] = .integer(side.leftOut)
            return .object(counts)
        }
        return [
            "appended": .array(appended.map(JSON.string)), "text": counts(text),
            "image": counts(image),
        ]
    }
}
