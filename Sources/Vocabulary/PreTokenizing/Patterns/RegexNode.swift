/// What a pattern is made of.
indirect enum RegexNode: Sendable, Hashable {
    /// One scalar of a set.
    case set(ScalarSet)
    case sequence([RegexNode])
    /// The first alternative that matches.
    case choice([RegexNode])
    /// As many as there are, at most `most`; a possessive one never gives any back.
    case repeated(RegexNode, least: Int, most: Int, isPossessive: Bool)
    /// What follows matches, or does not; nothing is consumed.
    case lookahead(RegexNode, isNegative: Bool)
    /// Before a newline or at the end of the text.
    case lineEnd

    /// Whether it matches without consuming a scalar.
    var matchesEmpty: Bool {
        switch self {
        case .set: false
        case .sequence(let parts): parts.allSatisfy(\.matchesEmpty)
        case .choice(let parts): parts.contains(where: \.matchesEmpty)
        case .repeated(let part, let least, _, _): least == 0 || part.matchesEmpty
        case .lookahead, .lineEnd: true
        }
    }

    /// The set of the scalars that this matches, if it always matches exactly one.
    var asSet: ScalarSet? {
        switch self {
        case .set(let set): return set
        case .sequence(let parts): return parts.count == 1 ? parts[0].asSet : nil
        case .choice(let parts):
            let sets = parts.compactMap(\.asSet)
            return sets.count == parts.count ? ScalarSet(nested: sets) : nil
        case .repeated, .lookahead, .lineEnd: return nil
        }
    }
}

/// Why a regular expression is outside of what is supported.
package struct RegexError: Error, Equatable {
    /// What it has that is not supported.
    package let problem: String
}
