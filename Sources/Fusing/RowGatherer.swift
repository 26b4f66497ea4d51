import Checkpoints
import Vocabulary

/// Reads the rows of one parent's table that stand for a row of a union's, one at a time.
struct RowGatherer {
    private let gathering: Tile.Gathering
    private let reader: RowReader
    private let unlearned: UnlearnedRows?

    /// Opens the table, whose rows have `columns` numbers.
    init(_ gathering: Tile.Gathering, _ parents: Parents, columns: Int) throws {
        let weight = gathering.weight
        let reader = try RowReader(parents[weight.parent].folder, weight.name)
        self.gathering = gathering
        self.reader = reader
        unlearned = try gathering.unlearned.map {
            try UnlearnedRows(like: $0, of: reader, columns: columns)
        }
    }

    /// Adds the row `id` of the union to `line`; `scratch` has room for one row.
    func add(
        _ id: Int,
        to line: UnsafeMutableBufferPointer<Float>,
        _ scratch: UnsafeMutableBufferPointer<Float>
    ) throws {
        let rows = gathering.map[id]
        let share = gathering.scale / Float(max(1, rows.count))
        for row in rows {
            try reader.read(rows: Int(row)..<Int(row) + 1, into: scratch)
            if unlearned?.contains(UnsafeBufferPointer(scratch)) == true { continue }
            for column in line.indices { line[column] += share * scratch[column] }
        }
    }
}
