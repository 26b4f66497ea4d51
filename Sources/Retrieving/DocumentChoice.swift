/// Chooses among retrieved documents (RA-CM3, section 3.2; CM3Leon, section 2.1).
///
/// In the order of the ranking, a document is skipped
/// 1. if its similarity to the query is above ``limit``: it is nearly the query itself;
/// 2. if it is chosen already, or its similarity to a chosen one is above ``limit``: it adds nothing;
/// until enough are chosen.
package struct DocumentChoice: Sendable, Equatable {
    /// The highest allowed cosine similarity; from 1 on, any is allowed.
    package var limit: Double

    /// The default, 0.9, is that of the papers.
    package init(limit: Double = 0.9) {
        self.limit = limit
    }

    /// Chooses up to `count` candidates.
    ///
    /// - Parameters:
    ///   - count: the number of documents wanted.
    ///   - candidates: in descending order of their scores, the cosine similarities to the query.
    ///   - similarity: the cosine similarity of two documents.
    /// - Returns: the chosen ones in the same order.
    package func choose(
        _ count: Int,
        of candidates: [Neighbor],
        similarity: (Int, Int) -> Float
    ) -> [Neighbor] {
        var chosen: [Neighbor] = []
        // With rounding, the cosine of a vector with itself may be above 1.
        func isAllowed(_ cosine: @autoclosure () -> Float) -> Bool {
            limit >= 1 || Double(cosine()) <= limit
        }
        for candidate in candidates where isAllowed(candidate.score) {
            guard chosen.count < count else { break }
            let isNew = chosen.allSatisfy {
                $0.index != candidate.index && isAllowed(similarity($0.index, candidate.index))
            }
            if isNew { chosen.append(candidate) }
        }
        return chosen
    }
}
