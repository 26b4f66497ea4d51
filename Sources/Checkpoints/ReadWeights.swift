import Basics

extension StoredWeightFile {
    /// Reads a weight on all cores into memory, which is given back after `body`.
    func withReadBytes<Result>(
        of name: String,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard let entry = entry(name) else { throw WeightError.missing(name: name) }
        return try withFilledMemory(entry.byteCount, body) { try read(name, at: $0, into: $1) }
    }
}

extension ConvertedWeight {
    /// Reads the weight on all cores into memory, which is given back after `body`.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        let size = entry.elementType.byteCount
        return try withFilledMemory(entry.byteCount, body) { try read(from: $0 / size, into: $1) }
    }
}

/// Fills memory on all cores and passes it on.
///
/// - Parameters:
///   - byteCount: the bytes of the memory.
///   - body: takes the memory, which it must not keep.
///   - fill: fills the bytes from an offset on, which is a multiple of a MiB.
/// - Returns: what `body` returns.
/// - Throws: what the closures throw.
private func withFilledMemory<Result>(
    _ byteCount: Int,
    _ body: (UnsafeRawBufferPointer) throws -> Result,
    fill: @escaping @Sendable (Int, UnsafeMutableRawBufferPointer) throws -> Void
) throws -> Result {
    let bytes = SharedBytes(count: byteCount)
    let part = 1 << 20
    try inParallel((byteCount + part - 1) / part) { index in
        let range = index * part..<min((index + 1) * part, byteCount)
        try fill(range.lowerBound, bytes[range])
    }
    return try withExtendedLifetime(bytes) { try body(bytes.all) }
}

/// Memory that many threads fill, each its own part.
private final class SharedBytes: @unchecked Sendable {
    // Unchecked: parts do not overlap, and nobody reads before all are filled.
    private let memory: UnsafeMutableRawBufferPointer

    init(count: Int) {
        memory = .allocate(byteCount: count, alignment: 16)
    }

    deinit { memory.deallocate() }

    var all: UnsafeRawBufferPointer { UnsafeRawBufferPointer(memory) }

    subscript(range: Range<Int>) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: memory[range])
    }
}
