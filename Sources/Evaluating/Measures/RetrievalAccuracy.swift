/// How often the right one is among the first that a search finds.
package struct RetrievalAccuracy: Sendable, Equatable {
    /// The place of the right answer to each question, from 1; `nil` where it was not found at all.
    package let ranks: [Int?]

    /// Counts questions by the places of their right answers.
    package init(ranks: [Int?]) {
        precondition(ranks.allSatisfy { $0 ?? 1 >= 1 }, "places are counted from 1")
        self.ranks = ranks
    }

    /// The share of the questions whose right answer is among the first `count`; `nil` without
    /// questions.
    package func top(_ count: Int) -> Double? {
        guard !ranks.isEmpty else { return nil }
        return Double(ranks.count { $0.map { $0 <= count } ?? false }) / Double(ranks.count)
    }
}
