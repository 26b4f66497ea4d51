import Checkpoints
import Vocabulary

/// Reads the rows of one parent's table that stand for the rows of a union's.
struct RowGatherer: Sendable {
    private let gathering: Tile.Gathering
    private let columns: Int
    private let reader: WeightReader
    /// Rows of the parent's table that count as zero.
    private let zeroRows: [Bool]

    /// Opens the table, whose rows have `columns` numbers.
    init(_ gathering: Tile.Gathering, _ parents: Parents, columns: Int) throws {
        let weight = gathering.weight
        let reader = try WeightReader(parents[weight.parent].folder, weight.name)
        let rowCount = MatrixShape(parents.shape(of: weight) ?? []).rows
        self.gathering = gathering
        self.columns = columns
        self.reader = reader
        zeroRows =
            try gathering.untrained.map {
                try UntrainedRows(like: $0, of: reader, columns).found(among: rowCount)
            } ?? []
    }

    /// Adds elements of the union's table, counted row by row, to `sums`, which has room for just
    /// them.
    func add(
        _ elements: Range<Int>,
        to sums: UnsafeMutableBufferPointer<Float>,
        _ memory: FusionMemory
    ) throws {
        for id in elements.lowerBound / columns...(elements.upperBound - 1) / columns {
            let line = (id * columns..<(id + 1) * columns).clamped(to: elements)
            let place = line.shifted(by: -elements.lowerBound)
            let target = UnsafeMutableBufferPointer(rebasing: sums[place])
            let rows = gathering.map[id]
            let share = gathering.scale / Float(max(1, rows.count))
            for row in rows.lazy.map(Int.init) where zeroRows.isEmpty || !zeroRows[row] {
                let source = line.shifted(by: (row - id) * columns)
                try reader.add(source, times: share, to: target, isFirst: false, memory)
            }
        }
    }
}
