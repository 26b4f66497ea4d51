import Basics

/// Consecutive rows of a weight that come from one place.
struct RowRun: Sendable, Equatable {
    enum Source: Sendable, Equatable {
        /// Rows of the base's weight, from this one on.
        case base(Int)
        /// Rows of the stored weight, from this one on.
        case stored(Int)
        /// One row of the stored weight, again and again.
        case fill(Int)
    }

    let rows: Range<Int>
    let source: Source

    /// The runs of all rows, in order.
    ///
    /// - Parameters:
    ///   - count: the number of rows.
    ///   - base: each the first row, the first of the base's rows, and how many follow each other.
    ///   - stored: the same of the stored rows.
    ///   - fill: the stored row for all others.
    /// - Returns: runs without gaps.
    /// - Throws: ``DeltaProblem`` where rows overlap, are outside, or are in none.
    static func runs(
        of count: Int,
        base: [[Int]],
        stored: [[Int]],
        fill: Int?
    ) throws(DeltaProblem) -> [RowRun] {
        var listed: [RowRun] = []
        for (triples, isBase) in [(base, true), (stored, false)] {
            for triple in triples {
                guard triple.count == 3, triple[0] >= 0, triple[1] >= 0, triple[2] > 0,
                    triple[0] < count, triple[2] <= count - triple[0]
                else {
                    throw DeltaProblem(
                        "\(triple) are no rows; [first, first there, count] within \(count) rows are "
                            + "expected"
                    )
                }
                listed.append(
                    RowRun(
                        rows: triple[0]..<triple[0] + triple[2],
                        source: isBase ? .base(triple[1]) : .stored(triple[1])
                    )
                )
            }
        }
        listed.sort { $0.rows.lowerBound < $1.rows.lowerBound }
        var runs: [RowRun] = []
        var end = 0
        for run in listed + [RowRun(rows: count..<count, source: .fill(0))] {
            let start = run.rows.lowerBound
            guard start >= end else { throw DeltaProblem("the row \(start) is there twice") }
            if start > end {
                guard let fill else { throw DeltaProblem("the row \(end) is from nowhere") }
                runs.append(RowRun(rows: end..<start, source: .fill(fill)))
            }
            if !run.rows.isEmpty { runs.append(run) }
            end = run.rows.upperBound
        }
        return runs
    }
}
