/// Tells which rows of a table a parent has never learned: those that point as the row of a token does
/// that it certainly never met.
struct UnlearnedRows {
    private let reference: [Float]

    /// The least cosine of two rows that count as one direction.
    ///
    /// Rows that only the softmax has moved have 0.998 and more with each other (decision 13).
    static let cosine: Float = 0.998

    /// Takes the row `token` of a table as the example.
    init(like token: Int, of table: RowReader, columns: Int) throws {
        var row = [Float](repeating: 0, count: columns)
        try row.withUnsafeMutableBufferPointer { try table.read(rows: token..<token + 1, into: $0) }
        reference = row
    }

    /// Whether a row is unlearned.
    func contains(_ row: UnsafeBufferPointer<Float>) -> Bool {
        var (product, size, own): (Float, Float, Float) = (0, 0, 0)
        for (value, other) in zip(row, reference) {
            product += value * other
            size += value * value
            own += other * other
        }
        return product > 0 && product >= Self.cosine * (size * own).squareRoot()
    }
}
