import Basics

/// The type of the values that a delta stores.
package enum DeltaStorage: String, Sendable, CaseIterable {
    /// That of the model, so that the delta gives back its bits.
    case same
    case float32
    case bfloat16
    case float16
    /// Matrices and tables as 8-bit integers with one scale a row (see ``Int8Rows``), the rest as
    /// they are.
    case int8

    /// The entries of a weight of `shape` that has `elementType` in the model: it and its scales.
    func entries(_ name: String, _ elementType: ElementType, _ shape: [Int]) -> [WeightEntry] {
        guard FloatFormat(elementType) != nil else {
            return [WeightEntry(name: name, elementType: elementType, shape: shape)]
        }
        guard isQuantized(shape) else {
            let type = FloatFormat(rawValue: rawValue)?.elementType ?? elementType
            return [WeightEntry(name: name, elementType: type, shape: shape)]
        }
        let scales = Int8Rows.scaleName(of: name)
        return [
            WeightEntry(name: name, elementType: .int8, shape: shape),
            WeightEntry(name: scales, elementType: .float32, shape: [shape[0], 1]),
        ]
    }

    private func isQuantized(_ shape: [Int]) -> Bool {
        self == .int8 && shape.count == 2 && shape[0] > 1 && shape[1] > 1
    }

    /// The bytes for each of ``entries(_:_:_:)``.
    ///
    /// - Throws: `WeightError` for a value that the type cannot hold.
    func bytes(
        of bytes: UnsafeRawBufferPointer,
        _ name: String,
        _ elementType: ElementType,
        _ shape: [Int]
    ) throws(WeightError) -> [[UInt8]] {
        guard let format = FloatFormat(elementType) else { return [Array(bytes)] }
        if isQuantized(shape) {
            let floats = format.floats(from: bytes)
            let rows = try Int8Rows.quantize(floats, rows: shape[0], columns: shape[1])
            return [
                rows.bytes.withUnsafeBytes { Array($0) }, rows.scales.withUnsafeBytes { Array($0) },
            ]
        }
        guard let target = FloatFormat(rawValue: rawValue), target != format else {
            return [Array(bytes)]
        }
        let floats = format.floats(from: bytes)
        try target.refuseOverflow(in: floats, of: name)
        return [target.bytes(from: floats)]
    }
}
