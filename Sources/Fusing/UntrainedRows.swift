import Checkpoints

/// Tells which rows of a table a parent has never learned: those that point as the row of a token does
/// that it certainly never met.
struct UntrainedRows {
    private let table: WeightReader
    private let columns: Int
    private let reference: [Float]

    /// The least cosine of two rows that count as one direction.
    ///
    /// Rows that only the softmax has moved have 0.998 and more with each other (decision 13).
    static let cosine: Float = 0.998

    /// Takes the row `token` of a table of `columns` as the example.
    init(like token: Int, of table: WeightReader, _ columns: Int) throws {
        self.table = table
        self.columns = columns
        reference = try Self.row(token, of: table, columns, FusionMemory())
    }

    /// Which of the table's `rowCount` rows are untrained.
    func found(among rowCount: Int) throws -> [Bool] {
        let memory = FusionMemory()
        return try (0..<rowCount).map {
            contains(try Self.row($0, of: table, columns, memory))
        }
    }

    private static func row(
        _ index: Int,
        of table: WeightReader,
        _ columns: Int,
        _ memory: FusionMemory
    ) throws -> [Float] {
        var row = [Float](repeating: 0, count: columns)
        try row.withUnsafeMutableBufferPointer {
            let elements = index * columns..<(index + 1) * columns
            try table.add(elements, times: 1, to: $0, isFirst: true, memory)
        }
        return row
    }

    private func contains(_ row: [Float]) -> Bool {
        var (product, size, own): (Float, Float, Float) = (0, 0, 0)
        for (value, other) in zip(row, reference) {
            product += value * other
            size += value * value
            own += other * other
        }
        return product > 0 && product >= Self.cosine * (size * own).squareRoot()
    }
}
