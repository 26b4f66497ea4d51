import Basics

/// Weights in 8 bits, with one scale a row: value = integer × scale, symmetric around zero.
///
/// A weight `X` [rows, columns] is stored as `X` of type I8 and `X_scale` of type F32 [rows, 1].
package enum Int8Rows {
    /// The name of the scales that belong to a weight.
    package static func scaleName(of name: String) -> String { name + "_scale" }

    /// Rounds each row of `floats` [rows, columns] to integers from -127 to 127.
    ///
    /// A row's scale is its largest magnitude over 127, or 1 for a row of zeros. An infinity or a
    /// "no number" is an error.
    package static func quantize(
        _ floats: UnsafeBufferPointer<Float>,
        rows: Int,
        columns: Int
    ) throws(WeightError) -> (bytes: [Int8], scales: [Float]) {
        precondition(floats.count == rows * columns)
        var bytes = [Int8](repeating: 0, count: floats.count)
        var scales: [Float] = []
        scales.reserveCapacity(rows)
        for row in 0..<rows {
            let start = row * columns
            let values = UnsafeBufferPointer(rebasing: floats[start..<start + columns])
            guard let scale = scale(of: values) else { throw .notFinite(row: row) }
            scales.append(scale)
            bytes.withUnsafeMutableBufferPointer {
                round(values, by: scale, into: $0.baseAddress.map { $0 + start })
            }
        }
        return (bytes, scales)
    }

    /// Rounds each row of `floats` [rows, columns] to integers from -127 to 127.
    package static func quantize(
        _ floats: [Float],
        rows: Int,
        columns: Int
    ) throws(WeightError) -> (bytes: [Int8], scales: [Float]) {
        let result = floats.withUnsafeBufferPointer { buffer in
            Result { () throws(WeightError) in
                try quantize(buffer, rows: rows, columns: columns)
            }
        }
        return try result.get()
    }

    /// The values of 8-bit rows, one scale each.
    package static func dequantize(
        _ bytes: UnsafeBufferPointer<Int8>,
        scales: [Float]
    ) -> [Float] {
        guard !scales.isEmpty else { return [] }
        precondition(bytes.count % scales.count == 0)
        let columns = bytes.count / scales.count
        return [Float](unsafeUninitializedCapacity: bytes.count) { floats, initializedCount in
            for (row, scale) in scales.enumerated() {
                for i in row &* columns..<(row &+ 1) &* columns {
                    floats[i] = Float(bytes[i]) * scale
                }
            }
            initializedCount = bytes.count
        }
    }

    /// Reads an 8-bit weight and its scales from `source`.
    static func dequantize(_ entry: WeightEntry, from source: some WeightSource) throws -> [Float] {
        let scales = try scales(of: entry, in: source)
        return try source.withBytes(of: entry.name) {
            dequantize($0.assumingMemoryBound(to: Int8.self), scales: scales)
        }
    }

    /// Whether a name is that of the scales of an 8-bit weight that is there.
    package static func isScale(_ name: String, in source: some WeightSource) -> Bool {
        let suffix = scaleName(of: "")
        guard name.hasSuffix(suffix) else { return false }
        return source.entry(String(name.dropLast(suffix.count)))?.elementType == .int8
    }

    /// Reads the scales of an 8-bit weight, one a row.
    package static func scales(of entry: WeightEntry, in source: some WeightSource) throws -> [Float]
    {
        try source.floats(of: try scalesEntry(of: entry, in: source).name)
    }

    /// The scales that belong to an 8-bit weight, which must be F32 [rows, 1].
    static func scalesEntry(
        of entry: WeightEntry,
        in source: some WeightSource
    ) throws(WeightError) -> WeightEntry {
        let scaleName = scaleName(of: entry.name)
        guard let scales = source.entry(scaleName) else {
            throw WeightError.scales(name: entry.name, problem: "\"\(scaleName)\" is missing")
        }
        let rows = entry.shape.first ?? 1
        guard scales.elementType == .float32, scales.shape == [rows, 1] else {
            throw WeightError.scales(
                name: entry.name,
                problem: "\"\(scaleName)\" is \(scales.elementType.rawValue) "
                    + "\(scales.shape); F32 [\(rows), 1] is expected"
            )
        }
        return scales
    }

    /// The largest magnitude over 127; `nil` if an element is not finite.
    private static func scale(of values: UnsafeBufferPointer<Float>) -> Float? {
        // Magnitudes compare as their bit patterns do, and "no number" above them all.
        var largest: UInt32 = 0
        for value in values { largest = max(largest, value.bitPattern & 0x7FFF_FFFF) }
        guard largest < 0x7F80_0000 else { return nil }
        let scale = Float(bitPattern: largest) / 127
        return scale.isNormal ? scale : 1
    }

    private static func round(
        _ values: UnsafeBufferPointer<Float>,
        by scale: Float,
        into bytes: UnsafeMutablePointer<Int8>?
    ) {
        guard let bytes else { return }
        for i in 0..<values.count {
            // Adding 1.5 × 2^23 rounds to an integer, ties to even, and leaves it in the low bits.
            let sum = values[i] / scale + 0x1.8p23
            bytes[i] = Int8(truncatingIfNeeded: sum.bitPattern)
        }
    }
}
