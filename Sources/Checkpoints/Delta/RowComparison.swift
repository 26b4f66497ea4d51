import Basics

/// Where the rows of some columns of a weight come from: a base, or stored rows.
struct RowComparison {
    let columns: Range<Int>
    let base: DeltaRule.BaseWeight?
    let runs: [RowRun]
    /// The rows of the weight to store, in order; the row that fills others is the first.
    let storedRows: [Int]

    /// Compares the digests of rows with those of the bases' weights.
    ///
    /// The base's weight with the most of these rows is taken. Of the other rows, one that is there
    /// several times is stored once.
    init(_ columns: Range<Int>, _ digests: [UInt64], _ candidates: [BaseIndex.Rows]) {
        let wanted = Set(digests)
        var best: (rows: BaseIndex.Rows, count: Int)?
        for rows in candidates {
            let count = wanted.count { rows.known.contains($0) }
            if count > best?.count ?? 0 { best = (rows, count) }
        }
        let source = best?.rows
        let first = Dictionary(
            zip(source?.digests ?? [], 0...),
            uniquingKeysWith: { first, _ in first }
        )
        let fill = Self.mostFrequent(digests.filter { first[$0] == nil })

        var runs: [RowRun] = []
        var storedRows: [Int] = []
        if let fill, let row = digests.firstIndex(of: fill) { storedRows.append(row) }
        var next = 0
        for (row, digest) in digests.enumerated() {
            let place: RowRun.Source
            if let found = first[digest] {
                let ofBase = source?.digests ?? []
                let isSame = { (index: Int) in index < ofBase.count && ofBase[index] == digest }
                next = isSame(next) ? next : isSame(row) ? row : found
                place = .base(next)
                next += 1
            } else if digest == fill {
                place = .fill(0)
            } else {
                place = .stored(storedRows.count)
                storedRows.append(row)
            }
            runs.append(row, place)
        }
        self.columns = columns
        base = source?.weight
        self.runs = runs
        self.storedRows = storedRows
    }

    /// The digest that is there most often, if any is there twice.
    private static func mostFrequent(_ digests: [UInt64]) -> UInt64? {
        let counts = Dictionary(digests.map { ($0, 1) }, uniquingKeysWith: +)
        // Of equal counts the first in the weight, so that the same model gives the same delta.
        var best: (digest: UInt64, count: Int)?
        for digest in digests {
            let count = counts[digest] ?? 0
            if count > max(1, best?.count ?? 0) { best = (digest, count) }
        }
        return best?.digest
    }

    /// The elements to store.
    var storedCount: Int { storedRows.count * columns.count }
}

extension [RowRun] {
    /// Appends a row to the last run, if it goes on there.
    fileprivate mutating func append(_ row: Int, _ source: RowRun.Source) {
        if let run = last {
            let follows =
                switch (run.source, source) {
                case (.base(let first), .base(let next)), (.stored(let first), .stored(let next)):
                    first + run.rows.count == next
                case (.fill(let first), .fill(let next)): first == next
                default: false
                }
            if follows {
                self[count - 1] = RowRun(rows: run.rows.lowerBound..<row + 1, source: run.source)
                return
            }
        }
        append(RowRun(rows: row..<row + 1, source: source))
    }
}
