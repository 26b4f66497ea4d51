package import Basics

/// A floating-point type of stored weights that converts to and from 32-bit floats.
package enum FloatFormat: String, Sendable, CaseIterable {
    case float32
    /// The upper half of a 32-bit float.
    case bfloat16
    /// IEEE 754 binary16.
    case float16

    /// The format of a type, or `nil` if it is not a float of 16 or 32 bits.
    package init?(_ elementType: ElementType) {
        switch elementType {
        case .float32: self = .float32
        case .bfloat16: self = .bfloat16
        case .float16: self = .float16
        default: return nil
        }
    }

    package var elementType: ElementType {
        switch self {
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .float16: .float16
        }
    }

    /// The values of stored elements, at any alignment.
    package func floats(from bytes: UnsafeRawBufferPointer) -> [Float] {
        let count = bytes.count / elementType.byteCount
        return [Float](unsafeUninitializedCapacity: count) { floats, initializedCount in
            let target = UnsafeMutableBufferPointer(rebasing: floats[..<count])
            read(bytes, into: target)
            initializedCount = count
        }
    }

    /// The stored form of `floats`, rounded to nearest, ties to even.
    package func bytes(from floats: [Float]) -> [UInt8] {
        let count = floats.count * elementType.byteCount
        return [UInt8](unsafeUninitializedCapacity: count) { bytes, initializedCount in
            floats.withUnsafeBufferPointer {
                write(
                    $0,
                    into: UnsafeMutableRawBufferPointer(start: bytes.baseAddress, count: count)
                )
            }
            initializedCount = count
        }
    }
}
