/// A document of a bank, and how near it is to a query.
package struct Neighbor: Sendable, Equatable {
    /// The place of the document in the bank.
    package let index: Int
    /// The inner product of its vector and the query.
    package let score: Float

    /// Names a document.
    package init(index: Int, score: Float) {
        self.index = index
        self.score = score
    }

    /// Whether this one stands before `other`: the higher score, then the lower index.
    func precedes(_ other: Neighbor) -> Bool {
        score == other.score ? index < other.index : score > other.score
    }
}

/// The best of all neighbors that were added, whatever their order.
struct BestNeighbors {
    /// How many are kept.
    let limit: Int
    /// The lowest score that is still of use.
    private(set) var threshold = -Float.infinity
    private var found: [Neighbor] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// Adds one.
    ///
    /// Only when twice as many as needed are there are they sorted, so that an addition takes
    /// logarithmic time.
    mutating func add(_ neighbor: Neighbor) {
        guard neighbor.score >= threshold else { return }
        found.append(neighbor)
        if found.count >= 2 * limit { keepBest() }
    }

    /// Adds those of another list.
    mutating func add(_ other: BestNeighbors) {
        for neighbor in other.found { add(neighbor) }
    }

    /// The best, in order.
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
