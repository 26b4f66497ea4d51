package import Basics

/// One stored weight: its name, the type of its elements and its shape, without its bytes.
package struct WeightEntry: Sendable, Equatable {
    /// The name in the checkpoint, as `model.norm.weight`.
    package let name: String
    /// The type of each element.
    package let elementType: ElementType
    /// The length of each dimension, the slowest first; empty for a single number.
    package let shape: [Int]

    /// Describes a weight; no dimension may be negative.
    package init(name: String, elementType: ElementType, shape: [Int]) {
        precondition(shape.allSatisfy { $0 >= 0 }, "\(name) has a negative dimension: \(shape)")
        self.name = name
        self.elementType = elementType
        self.shape = shape
    }

    /// The number of bytes, `Int.max` where it would not fit: more than any file or disk has.
    package var byteCount: Int { checkedByteCount ?? Int.max }

    /// The number of bytes, if it fits.
    var checkedByteCount: Int? {
        guard let count = Self.elementCount(of: shape) else { return nil }
        let (bytes, overflows) = count.multipliedReportingOverflow(by: elementType.byteCount)
        return overflows ? nil : bytes
    }

    /// The product of the dimensions, if it fits.
    static func elementCount(of shape: [Int]) -> Int? {
        var count = 1
        for dimension in shape {
            let (product, overflows) = count.multipliedReportingOverflow(by: dimension)
            guard !overflows else { return nil }
            count = product
        }
        return count
    }
}
