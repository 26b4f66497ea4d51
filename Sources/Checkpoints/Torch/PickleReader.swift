/// The bytes of a pickle, read in order; reading past the end is an error.
struct PickleReader {
    typealias Problem = TorchFileError.Problem

    /// In bytes.
    static let longestText = 1 << 20
    private let bytes: UnsafeRawBufferPointer
    /// The offset of the next byte.
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    func failure(_ problem: String) -> Problem { .pickle(offset: offset, problem) }

    mutating func byte() throws(Problem) -> UInt8 { try part(1)[0] }

    /// An unsigned number of up to 4 bytes.
    mutating func unsigned(_ size: Int) throws(Problem) -> Int {
        try part(size).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// A number of up to 8 bytes in two's complement.
    mutating func signed(_ size: Int) throws(Problem) -> Int {
        guard size <= 8 else { throw failure("an integer of \(size) bytes is too large") }
        let part = try part(size)
        let value = part.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let shift = UInt64(64 - 8 * size)
        return size == 0 ? 0 : Int(Int64(bitPattern: value << shift) >> Int64(shift))
    }

    /// A big-endian 64-bit float.
    mutating func number() throws(Problem) -> Double {
        Double(bitPattern: try part(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// A text of `size` bytes.
    mutating func text(_ size: Int) throws(Problem) -> String {
        guard size <= Self.longestText else {
            throw failure("a text of \(size) bytes is too long; the most is \(Self.longestText)")
        }
        guard let text = String(validating: try part(size), as: UTF8.self) else {
            throw failure("a text is not UTF-8")
        }
        return text
    }

    /// A text that ends before a newline.
    mutating func line() throws(Problem) -> String {
        let rest = bytes[offset...].prefix(1024)
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
            throw failure("a name has no end")
        }
        let text = try text(end - offset)
        offset += 1
        return text
    }

    private mutating func part(_ size: Int) throws(Problem) -> UnsafeRawBufferPointer {
        guard size <= bytes.count - offset else { throw failure("it is cut short") }
        defer { offset += size }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + size])
    }
}
