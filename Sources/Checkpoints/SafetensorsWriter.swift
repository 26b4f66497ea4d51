package import Basics

/// Writes one safetensors file: all weights are declared first, then written in any order.
///
/// The layout is that of the reference writer, byte for byte: weights ordered by type, the most
/// aligned first, then by name; the header padded with spaces to a multiple of 8. The file appears
/// under its name only with ``finish()``.
package struct SafetensorsWriter: ~Copyable, Sendable {
    private let file: AtomicFile
    private let ranges: [String: Range<Int>]
    private var pending: Set<String>

    /// The bytes that are written, or left out, at once.
    private static let partSize = 1 << 20

    /// What Hugging Face writers add, and some readers require.
    package static let defaultMetadata = ["format": "pt"]

    /// Begins a file of the weights `entries`, whose names must be unique and not `__metadata__`.
    package init(
        _ path: String,
        entries: [WeightEntry],
        metadata: [String: String] = defaultMetadata
    ) throws {
        let (header, ranges) = try Self.layout(entries, metadata, path: path)
        let file = try AtomicFile(path)
        // The file is zero from the start, so that parts of zeros, such as the optimizer state of
        // frozen rows, are not written and take no space where the system has holes in files.
        try file.resize(to: ranges.values.reduce(header.count) { max($0, $1.upperBound) })
        try header.withUnsafeBytes { try file.write($0, at: 0) }
        self.file = file
        self.ranges = ranges
        pending = Set(ranges.keys)
    }

    /// Writes the elements of a declared weight.
    package mutating func write(_ bytes: UnsafeRawBufferPointer, to name: String) throws(FileError)
    {
        guard let range = ranges[name], range.count == bytes.count else {
            preconditionFailure("\(name) was not declared with \(bytes.count) bytes")
        }
        for start in stride(from: 0, to: bytes.count, by: Self.partSize) {
            let part = bytes[start..<min(start + Self.partSize, bytes.count)]
            guard !UnsafeRawBufferPointer(rebasing: part).isZero else { continue }
            try file.write(UnsafeRawBufferPointer(rebasing: part), at: range.lowerBound + start)
        }
        pending.remove(name)
    }

    /// Waits until the file is on the disk and names it; all declared weights must be written.
    package consuming func finish() throws {
        guard pending.isEmpty else {
            throw SafetensorsError(
                path: file.path,
                problem: .unwritten(names: pending.sorted())
            )
        }
        try file.commit()
    }
}
