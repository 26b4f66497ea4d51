import Basics

/// Reads the values of a GGUF file one after the other; nothing is read beyond the end.
struct GGUFCursor {
    private let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var remaining: Int { bytes.count - offset }

    mutating func integer<Value: FixedWidthInteger>(
        _ type: Value.Type,
        _ what: @autoclosure () -> String
    ) throws(GGUFProblem) -> Value {
        let size = MemoryLayout<Value>.size
        guard size <= remaining else { throw cutShort(what(), needing: UInt64(size)) }
        defer { offset += size }
        return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// A number of items, each of which has at least `size` bytes.
    mutating func count(_ what: @autoclosure () -> String, eachAtLeast size: Int)
        throws(GGUFProblem) -> Int
    {
        let count = try integer(UInt64.self, what())
        guard count <= UInt64(remaining / size) else {
            throw GGUFProblem(
                "\(what()) is \(count), but \(remaining) bytes follow; is the file cut short?"
            )
        }
        return Int(count)
    }

    /// A string: its length in 64 bits, then that many bytes of UTF-8.
    mutating func string(_ what: @autoclosure () -> String) throws(GGUFProblem) -> String {
        let length = try integer(UInt64.self, "the length of \(what())")
        guard length <= UInt64(remaining) else { throw cutShort(what(), needing: length) }
        let end = offset + Int(length)
        let text = UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
        guard let string = String(validating: text, as: UTF8.self) else {
            throw GGUFProblem("\(what()) at byte \(offset) is not UTF-8")
        }
        offset = end
        return string
    }

    /// Moves to the next multiple of `alignment`, which may be beyond the end.
    mutating func align(to alignment: Int) {
        let rest = offset % alignment
        if rest > 0 { offset += alignment - rest }
    }

    private func cutShort(_ what: String, needing count: UInt64) -> GGUFProblem {
        GGUFProblem(
            "the file is cut short: \(what) needs \(count) bytes at byte \(offset), and "
                + "\(remaining) follow"
        )
    }
}
