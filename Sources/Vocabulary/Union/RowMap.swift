/// For each id of one vocabulary, the ids of another that stand for it: none, one, or several whose
/// rows are averaged.
///
/// Two numbers an id and one for each id that it stands for: a megabyte or two at most.
package struct RowMap: Sendable, Equatable {
    private var starts: [Int32] = [0]
    private var rows: [Int32] = []

    /// Makes a map of no ids.
    init() {}

    /// The number of ids.
    package var count: Int { starts.count - 1 }

    /// The ids that stand for `id`.
    package subscript(id: Int) -> ArraySlice<Int32> {
        rows[Int(starts[id])..<Int(starts[id + 1])]
    }

    /// The largest id that stands for any; `nil` if none does.
    package var last: Int? { rows.max().map(Int.init) }

    /// This map where `isKept` holds, and nothing elsewhere.
    package func keeping(_ isKept: (Int) -> Bool) -> RowMap {
        var result = RowMap()
        for id in 0..<count { result.append(isKept(id) ? self[id] : []) }
        return result
    }

    mutating func append(_ sources: some Sequence<Int32>) {
        rows.append(contentsOf: sources)
        starts.append(Int32(rows.count))
    }
}
