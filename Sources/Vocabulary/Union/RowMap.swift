/// Maps each id of one vocabulary to rows of another: none, one, or several to average.
///
/// In compressed form: one offset for each id and one number for each row.
package struct RowMap: Sendable, Equatable {
    private var starts: [Int32] = [0]
    private var rows: [Int32] = []

    init() {}

    package var count: Int { starts.count - 1 }

    /// The rows for `id`.
    package subscript(id: Int) -> ArraySlice<Int32> {
        rows[Int(starts[id])..<Int(starts[id + 1])]
    }

    /// The largest row; `nil` if there is none.
    package var last: Int? { rows.max().map(Int.init) }

    /// This map with no rows where `isKept` is false.
    package func keeping(_ isKept: (Int) -> Bool) -> RowMap {
        var result = RowMap()
        for id in 0..<count { result.append(isKept(id) ? self[id] : []) }
        return result
    }

    /// This map with `row` for the ids of a range that have none.
    package func filling(_ ids: Range<Int>, with row: Int) -> RowMap {
        var result = RowMap()
        for id in 0..<count {
            result.append(self[id].isEmpty && ids.contains(id) ? [Int32(row)] : self[id])
        }
        return result
    }

    /// The map of some ids, counted from the first of them.
    package func part(_ ids: Range<Int>) -> RowMap {
        var result = RowMap()
        for id in ids { result.append(self[id]) }
        return result
    }

    mutating func append(_ sources: some Sequence<Int32>) {
        rows.append(contentsOf: sources)
        starts.append(Int32(rows.count))
    }
}
