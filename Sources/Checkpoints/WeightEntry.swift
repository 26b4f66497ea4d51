package import Basics

/// The name, element type and shape of a stored weight, without its bytes.
package struct WeightEntry: Sendable, Equatable {
    package let name: String
    package let elementType: ElementType
    /// The dimensions, empty for a scalar.
    package let shape: [Int]

    package init(name: String, elementType: ElementType, shape: [Int]) {
        precondition(shape.allSatisfy { $0 >= 0 }, "\(name) has a negative dimension: \(shape)")
        self.name = name
        self.elementType = elementType
        self.shape = shape
    }

    /// The number of bytes, `Int.max` where it would not fit.
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
