/// Which of the documents that were found are used (RA-CM3, section 3.2; CM3Leon, section 2.1).
///
/// Going down the ranking, a document is passed over
/// 1. if its relevance to the query is above ``limit``: it is the query, or all but the query;
/// 2. if it, or one whose similarity to it is above ``limit``, is taken already: what it would add is
///    there;
/// until enough are taken.
package struct DocumentChoice: Sendable, Equatable {
    /// The highest relevance and similarity, cosines, of what is taken; from 1 on, nothing is too near.
    package var limit: Double

    /// 0.9 is the papers' limit.
    package init(limit: Double = 0.9) {
        self.limit = limit
    }

    /// Chooses up to `count` of the ranked candidates; the most relevant is the first.
    ///
    /// - Parameters:
    ///   - count: how many are wanted.
    ///   - candidates: what was found, with cosines to the query as scores.
    ///   - similarity: the cosine of the vectors of two documents.
    /// - Returns: those that are taken, in the order of the ranking.
    package func choose(
        _ count: Int,
        of candidates: [Neighbor],
        similarity: (Int, Int) -> Float
    ) -> [Neighbor] {
        var taken: [Neighbor] = []
        // Rounded, the cosine of a vector with itself may be above 1.
        func isApart(_ cosine: @autoclosure () -> Float) -> Bool {
            limit >= 1 || Double(cosine()) <= limit
        }
        for candidate in candidates where isApart(candidate.score) {
            guard taken.count < count else { break }
            let isNew = taken.allSatisfy {
                $0.index != candidate.index && isApart(similarity($0.index, candidate.index))
            }
            if isNew { taken.append(candidate) }
        }
        return taken
    }
}
