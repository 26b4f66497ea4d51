package import Vocabulary

/// A group of rows of tables and heads that can have a learning rate of its own.
///
/// Where a row is in several groups, the last one of these decides.
package enum RowGroup: String, Sendable, CaseIterable {
    /// All rows that are not ``added``.
    case parent
    /// Text tokens.
    case text
    /// Image codes.
    case image
    /// Special tokens and other added tokens.
    case special
    /// Rows that the fusion added, as neither parent has their tokens.
    case added

    /// The place in the order of the cases.
    var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Which rows of a language model's tables and heads are in which group.
package struct TableRows: Sendable {
    private let space: TokenSpace
    private let added: Range<TokenID>

    package init(_ space: TokenSpace, added: Range<TokenID> = 0..<0) {
        self.space = space
        self.added = added
    }

    func has(_ row: Int, in group: RowGroup) -> Bool {
        switch group {
        case .parent: !added.contains(row)
        case .text: space.text.contains(row)
        case .image: space.image.contains(row)
        case .special:
            (0..<space.count).contains(row) && !space.text.contains(row)
                && !space.image.contains(row)
        case .added: added.contains(row)
        }
    }

    func isEmpty(_ group: RowGroup) -> Bool {
        switch group {
        case .parent: false
        case .text: space.text.isEmpty
        case .image: space.image.isEmpty
        case .special: space.count == space.text.count + space.image.count
        case .added: added.isEmpty
        }
    }
}
