import Basics

/// 8-bit weights with a scale for each row: value = integer × scale, symmetric around zero.
///
/// A weight `X` [rows, columns] is stored as `X` of type I8 and `X_scale` of type F32 [rows, 1]; scales of
/// 16 bits appear as such (see ``CompressedWeights``).
package enum Int8Rows {
    /// The name of the scales of a weight.
    package static func scaleName(of name: String) -> String { name + "_scale" }

    /// Whether `name` is that of the scales of an 8-bit weight in `source`.
    package static func isScale(_ name: String, in source: some WeightSource) -> Bool {
        let suffix = scaleName(of: "")
        guard name.hasSuffix(suffix) else { return false }
        return source.entry(String(name.dropLast(suffix.count)))?.elementType == .int8
    }

    /// Rounds each row of `floats` [rows, columns] to integers from -127 to 127.
    ///
    /// A row's scale is its largest magnitude over 127, or 1 for a row of zeros.
    ///
    /// - Throws: ``WeightError/notFinite(row:)`` for an infinity or NaN.
    package static func quantize(
        _ floats: [Float],
        rows: Int,
        columns: Int
    ) throws(WeightError) -> (bytes: [Int8], scales: [Float]) {
        precondition(floats.count == rows * columns)
        var bytes = [Int8](repeating: 0, count: floats.count)
        var scales: [Float] = []
        scales.reserveCapacity(rows)
        for row in 0..<rows {
            let range = row * columns..<(row + 1) * columns
            guard let scale = scale(of: floats[range]) else { throw .notFinite(row: row) }
            scales.append(scale)
            for i in range {
                // Adding 1.5 × 2^23 rounds to an integer, ties to even, in the low bits.
                let sum = floats[i] / scale + 0x1.8p23
                bytes[i] = Int8(truncatingIfNeeded: sum.bitPattern)
            }
        }
        return (bytes, scales)
    }

    /// The largest magnitude over 127; `nil` if an element is not finite.
    private static func scale(of values: ArraySlice<Float>) -> Float? {
        // Magnitudes compare like their bit patterns, with NaN above all.
        var largest: UInt32 = 0
        for value in values { largest = max(largest, value.bitPattern & 0x7FFF_FFFF) }
        guard largest < 0x7F80_0000 else { return nil }
        let scale = Float(bitPattern: largest) / 127
        return scale.isNormal ? scale : 1
    }

    /// The values of an 8-bit weight in `source`.
    static func dequantize(_ entry: WeightEntry, from source: some WeightSource) throws -> [Float] {
        let scales = try source.floats(of: try scalesEntry(of: entry, in: source).name)
        return try source.withBytes(of: entry.name) { bytes in
            let columns = bytes.count / max(1, scales.count)
            return [Float](unsafeUninitializedCapacity: bytes.count) { floats, initializedCount in
                for (row, scale) in scales.enumerated() {
                    for i in row &* columns..<(row &+ 1) &* columns {
                        floats[i] = Float(Int8(bitPattern: bytes[i])) * scale
                    }
                }
                initializedCount = bytes.count
            }
        }
    }

    /// The integers of an 8-bit matrix; `nil` where it has another type.
    static func quantizedRows(
        of name: String,
        in source: some WeightSource
    ) throws -> QuantizedRows? {
        guard let entry = source.entry(name), entry.elementType == .int8, entry.shape.count == 2
        else { return nil }
        let scales = try source.floats(of: scalesEntry(of: entry, in: source).name)
        let integers = try source.withBytes(of: name) { $0.map { Int8(bitPattern: $0) } }
        return QuantizedRows(.int8(integers), groupSize: entry.shape[1], scales: scales)
    }

    /// The scales of an 8-bit weight, which must be F32 [rows, 1].
    static func scalesEntry(
        of entry: WeightEntry,
        in source: some WeightSource
    ) throws(WeightError) -> WeightEntry {
        let scaleName = scaleName(of: entry.name)
        guard let scales = source.entry(scaleName) else {
            throw .scales(name: entry.name, problem: "\"\(scaleName)\" is missing")
        }
        let rows = entry.shape.first ?? 1
        guard scales.elementType == .float32, scales.shape == [rows, 1] else {
            throw .scales(
                name: entry.name,
                problem: "\"\(scaleName)\" is \(scales.elementType.rawValue) "
                    + "\(scales.shape); F32 [\(rows), 1] is expected"
            )
        }
        return scales
    }
}
