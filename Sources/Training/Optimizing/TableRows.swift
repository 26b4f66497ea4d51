package import Checkpoints
internal import Decoders
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
    private let vocabularySize: Int?

    /// - Parameters:
    ///   - space: the tokens.
    ///   - added: those that the fusion added.
    ///   - vocabularySize: the number of rows of a whole table; `nil` if all tables are whole.
    package init(_ space: TokenSpace, added: Range<TokenID> = 0..<0, vocabularySize: Int? = nil) {
        self.space = space
        self.added = added
        self.vocabularySize = vocabularySize
    }

    /// The token of the first row of a weight: the joint head of a Cross model can have the last
    /// rows alone, where text tokens have a head of their own.
    func first(of spec: ParameterSpec) -> TokenID {
        guard spec.role == .head, spec.name == TowerConfig.untiedHeadName, let vocabularySize,
            let count = spec.shape.first
        else { return 0 }
        return vocabularySize - count
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

    /// Whether a weight has rows of a group.
    package func hasRows(of group: RowGroup, in spec: ParameterSpec) -> Bool {
        let first = first(of: spec)
        return (first..<first + (spec.shape.first ?? 0)).contains { has($0, in: group) }
    }
}
