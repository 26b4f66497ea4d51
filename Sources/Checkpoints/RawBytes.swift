#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension UnsafeRawBufferPointer {
    /// Whether a range of bytes is the same in another buffer; false where one is too short.
    func isEqual(to other: UnsafeRawBufferPointer, in range: Range<Int>) -> Bool {
        guard range.upperBound <= count, range.upperBound <= other.count else { return false }
        guard let one = baseAddress, let another = other.baseAddress, !range.isEmpty else {
            return range.isEmpty
        }
        let start = range.lowerBound
        return memcmp(one + start, another + start, range.count) == 0
    }

    /// Whether all bits are zero.
    var isZero: Bool {
        guard let start = baseAddress, count > 1 else { return allSatisfy { $0 == 0 } }
        // Each byte equals its successor, and the first is zero.
        return self[0] == 0 && memcmp(start, start + 1, count - 1) == 0
    }
}
