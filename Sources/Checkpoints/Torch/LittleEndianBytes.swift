/// Bytes of a file, read at checked offsets.
struct LittleEndianBytes {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var count: Int { bytes.count }

    /// An unsigned integer of `size` bytes.
    func integer(at offset: Int, _ size: Int) throws(TorchFileError.Problem) -> Int {
        let part = try part(at: offset, size)
        var value: UInt64 = 0
        for (place, byte) in part.enumerated() { value |= UInt64(byte) << UInt64(8 * place) }
        guard let integer = Int(exactly: value) else {
            throw .archive("a size of 2^63 bytes or more is stated")
        }
        return integer
    }

    /// A text of `size` bytes of UTF-8.
    func text(at offset: Int, _ size: Int) throws(TorchFileError.Problem) -> String {
        guard let text = String(validating: try part(at: offset, size), as: UTF8.self) else {
            throw .archive("a name is not UTF-8")
        }
        return text
    }

    private func part(at offset: Int, _ size: Int) throws(TorchFileError.Problem)
        -> UnsafeRawBufferPointer
    {
        guard offset >= 0, offset <= bytes.count, size <= bytes.count - offset else {
            throw .archive("it is cut short")
        }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + size])
    }
}
