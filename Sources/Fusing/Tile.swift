import Vocabulary

/// A rectangle of a fused weight, and what fills it.
struct Tile: Sendable {
    enum Content: Sendable {
        /// The sum of parents' rows; zero without terms.
        case sum([Term])
        /// In each row the sum of means of parents' rows.
        case means([RowMean])
        /// In each row these numbers.
        case row([Float])
        /// One number everywhere.
        case constant(Float)
        /// A number on the diagonal that begins at the tile's first element.
        case diagonal(Float)
        /// Normally distributed numbers around zero.
        case normal(deviation: Double, seed: UInt64)
    }

    let rows: Range<Int>
    let columns: Range<Int>
    var content: Content

    init(_ rows: Range<Int>, _ columns: Range<Int>, _ content: Content) {
        self.rows = rows
        self.columns = columns
        self.content = content
    }

    init(_ rows: Range<Int>, _ columns: Range<Int>, _ terms: Term...) {
        self.init(rows, columns, .sum(terms))
    }

    var terms: [Term] {
        guard case .sum(let terms) = content else { return [] }
        return terms
    }

    /// How many of the tile's elements precede the element `index` of the weight, which is `width`
    /// wide and read row by row.
    func count(before index: Int, width: Int) -> Int {
        guard width > 0, !columns.isEmpty else { return 0 }
        let row = index / width
        guard row >= rows.lowerBound else { return 0 }
        guard row < rows.upperBound else { return rows.count * columns.count }
        let column = index % width
        let before = min(max(0, column - columns.lowerBound), columns.count)
        return (row - rows.lowerBound) * columns.count + before
    }
}

/// The mean of some rows of a parent's weight, times a number; zero without rows.
struct RowMean: Sendable {
    let weight: ParentWeight
    let rows: RangeSet<Int>
    let scale: Double
}

/// Rows of a parent's weight, times a number.
struct Term: Sendable {
    /// Which of the parent's rows each row of the tile is made of.
    enum Rows: Sendable {
        /// Consecutive rows.
        case from(Int)
        /// The mean of the rows that stand for a token, zero where there are none.
        case mapped(RowMap)
    }

    let weight: ParentWeight
    var rows = Rows.from(0)
    var scale: Float = 1
    /// A token that the parent was not trained on: rows parallel to its row count as zero.
    var untrained: TokenID?
    /// The rows that count as zero, once they are known; see ``findingUntrainedRows()``.
    private(set) var zeroRows: [Bool] = []

    init(
        _ weight: ParentWeight,
        _ rows: Rows = .from(0),
        times scale: Double = 1,
        untrained: TokenID? = nil
    ) {
        self.weight = weight
        self.rows = rows
        self.scale = Float(scale)
        self.untrained = untrained
    }

    /// The term for some of the rows of its tile.
    func part(_ range: Range<Int>) -> Term {
        var term = self
        switch rows {
        case .from(let first): term.rows = .from(first + range.lowerBound)
        case .mapped(let map): term.rows = .mapped(map.part(range))
        }
        return term
    }

    /// The term with the untrained rows found, for which the whole weight is read.
    func findingUntrainedRows() throws -> Term {
        var term = self
        if let untrained { term.zeroRows = try weight.rows(parallelTo: untrained) }
        return term
    }

    /// A run of tile rows that are made of consecutive rows of the parent, times `scale`: those
    /// from each row of `sources` on.
    struct Run {
        let end: Int
        let sources: [Int]
        let scale: Float
    }

    /// The run that begins with row `row` of the tile and ends before `limit`.
    func run(from row: Int, upTo limit: Int) -> Run {
        let map: RowMap
        switch rows {
        case .from(let first): return Run(end: limit, sources: [first + row], scale: scale)
        case .mapped(let rows): map = rows
        }
        func sources(of row: Int) -> some Sequence<Int> {
            map[row].lazy.map(Int.init).filter { zeroRows.isEmpty || !zeroRows[$0] }
        }
        let own = Array(sources(of: row))
        let count = map[row].count
        var end = row + 1
        if count <= 1 {
            while end < limit, map[end].count <= 1,
                sources(of: end).elementsEqual(own.lazy.map { $0 + end - row })
            { end += 1 }
        }
        return Run(end: end, sources: own, scale: scale / Float(max(1, count)))
    }
}
