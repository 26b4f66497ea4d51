internal import Basics

/// A matrix whose elements are stored as small integers, with a scale for each row and group of
/// columns.
package struct QuantizedRows: Sendable {
    /// In row-major order.
    package enum Integers: Sendable {
        /// Element = integer × scale, or where there are minima integer × scale + minimum.
        case int8([Int8])
        /// From 0 to 15, a byte each: element = (integer − 8) × scale, or where there are minima
        /// integer × scale + minimum.
        case int4([UInt8])
    }

    package let integers: Integers
    /// The columns that share a scale.
    package let groupSize: Int
    /// [rows, columns / groupSize].
    package let scales: [Float]
    /// [rows, columns / groupSize], if there are any.
    package let minima: [Float]?

    package init(_ integers: Integers, groupSize: Int, scales: [Float], minima: [Float]? = nil) {
        self.integers = integers
        self.groupSize = groupSize
        self.scales = scales
        self.minima = minima
    }
}

extension WeightSource {
    package func quantizedRows(of name: String) throws -> QuantizedRows? {
        try Int8Rows.quantizedRows(of: name, in: self)
    }
}
