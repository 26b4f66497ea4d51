/// A retrieved document.
package struct Neighbor: Sendable, Equatable {
    /// The index of the document in the bank.
    package let index: Int
    /// The inner product of its embedding and the query.
    package let score: Float

    package init(index: Int, score: Float) {
        self.index = index
        self.score = score
    }

    /// Ranks higher scores first, then lower indices.
    func precedes(_ other: Neighbor) -> Bool {
        score == other.score ? index < other.index : score > other.score
    }
}

/// Keeps the best of the neighbors that are added, in any order.
struct BestNeighbors {
    let limit: Int
    /// Lower scores cannot be among the best anymore.
    private(set) var threshold = -Float.infinity
    private var found: [Neighbor] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// Sorts only when there are twice as many as needed: amortized logarithmic time per addition.
    mutating func add(_ neighbor: Neighbor) {
        guard neighbor.score >= threshold else { return }
        found.append(neighbor)
        if found.count >= 2 * limit { keepBest() }
    }

    mutating func add(_ other: BestNeighbors) {
        for neighbor in other.found { add(neighbor) }
    }

    mutating func sorted() -> [Neighbor] {
        keepBest()
        return found
    }

    private mutating func keepBest() {
        found.sort { $0.precedes($1) }
        guard found.count >= limit else { return }
        found.removeLast(found.count - limit)
        threshold = found[limit - 1].score
    }
}
