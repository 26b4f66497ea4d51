internal import Basics
internal import Synchronization

/// 4-bit weights as we write them: packed (see ``PackedIntegers``), in groups of 32, with scales in
/// float16.
package enum Int4Groups {
    /// The columns that share a scale.
    package static let groupSize = 32

    /// Whether a matrix of this shape can be written so.
    package static func fits(_ shape: [Int]) -> Bool {
        shape.count == 2 && shape[1] > 0 && shape[1] % groupSize == 0
    }

    /// The stored weights of a matrix that ``fits(_:)``.
    package static func entries(of name: String, _ shape: [Int]) -> [WeightEntry] {
        [
            WeightEntry(
                name: PackedIntegers.packedName(of: name),
                elementType: .int32,
                shape: [shape[0], shape[1] / 8]
            ),
            WeightEntry(
                name: PackedIntegers.scaleName(of: name),
                elementType: .float16,
                shape: [shape[0], shape[1] / groupSize]
            ),
            WeightEntry(
                name: PackedIntegers.shapeName(of: name),
                elementType: .int64,
                shape: [2]
            ),
        ]
    }

    /// The bytes for each of ``entries(of:_:)``, computed on all cores.
    ///
    /// - Throws: ``WeightError/notFinite(row:)`` for an infinity or NaN.
    package static func quantize(_ floats: [Float], _ shape: [Int]) throws -> [[UInt8]] {
        let (rows, columns) = (shape[0], shape[1])
        precondition(floats.count == rows * columns && fits(shape))
        let rowsPerTask = max(1, (1 << 18) / columns)
        let parts = Mutex<[Int: Part]>([:])
        let taskCount = (rows + rowsPerTask - 1) / rowsPerTask
        try inParallel(taskCount) { task in
            let range = task * rowsPerTask..<min((task + 1) * rowsPerTask, rows)
            let part = try Part(floats, range, columns: columns)
            parts.withLock { $0[task] = part }
        }
        let done = parts.withLock { $0 }
        let inOrder = (0..<taskCount).compactMap { done[$0] }
        return [
            inOrder.flatMap(\.packed), inOrder.flatMap(\.scales),
            [rows, columns].flatMap { withUnsafeBytes(of: Int64($0).littleEndian, Array.init) },
        ]
    }

    /// Some rows.
    private struct Part {
        var packed: [UInt8] = []
        var scales: [UInt8] = []

        init(_ floats: [Float], _ rows: Range<Int>, columns: Int) throws(WeightError) {
            packed.reserveCapacity(rows.count * columns / 2)
            for row in rows {
                for start in stride(from: row * columns, to: (row + 1) * columns, by: groupSize) {
                    let group = floats[start..<start + groupSize]
                    guard group.allSatisfy(\.isFinite) else { throw .notFinite(row: row) }
                    let scale = Int4Groups.scale(of: group)
                    scales += FloatFormat.float16.bytes(from: [scale])
                    for pair in stride(from: start, to: start + groupSize, by: 2) {
                        let low = integer(floats[pair], scale) + 8
                        let high = integer(floats[pair + 1], scale) + 8
                        packed.append(UInt8(low | high << 4))
                    }
                }
            }
        }
    }

    /// The integer from -8 to 7 nearest to a value.
    private static func integer(_ value: Float, _ scale: Float) -> Int {
        scale == 0 ? 0 : Int(min(max((value / scale).rounded(.toNearestOrEven), -8), 7))
    }

    /// The scale, as a float16, with about the least squared error.
    ///
    /// Several first guesses give integers, for which the best scale is known in closed form.
    private static func scale(of group: ArraySlice<Float>) -> Float {
        guard let extreme = group.max(by: { $0.magnitude < $1.magnitude }), extreme != 0 else {
            return 0
        }
        var (best, leastError) = (Float(0), Float.infinity)
        for step in -9...9 {
            let guess = -(8 + 0.1 * Float(step)) / extreme
            var (products, squares) = (Float(0), Float(0))
            for value in group {
                let integer = min(max((value * guess).rounded(.toNearestOrEven), -8), 7)
                products += integer * value
                squares += integer * integer
            }
            guard squares > 0 else { continue }
            // Σ (value − scale · integer)², but for the constant Σ value².
            let error = -products * products / squares
            if error < leastError { (best, leastError) = (products / squares, error) }
        }
        return FloatFormat.float16.floats(
            from: FloatFormat.float16.bytes(from: [min(max(best, -65504), 65504)])
        )
    }
}

extension FloatFormat {
    fileprivate func floats(from bytes: [UInt8]) -> Float {
        bytes.withUnsafeBytes { floats(from: $0)[0] }
    }
}
