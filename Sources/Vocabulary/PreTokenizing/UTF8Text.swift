/// The bytes of a string, or of its beginning, read scalar by scalar.
struct UTF8Text {
    let bytes: [UInt8]
    /// Where the text ends; bytes after it are ignored.
    let end: Int

    init(_ string: String) {
        self.init(bytes: Array(string.utf8))
    }

    /// The bytes must be valid UTF-8.
    init(bytes: [UInt8]) {
        self.init(bytes: bytes, end: bytes.count)
    }

    private init(bytes: [UInt8], end: Int) {
        self.bytes = bytes
        self.end = end
    }

    func ending(at end: Int) -> UTF8Text { UTF8Text(bytes: bytes, end: end) }

    /// The class of the scalar at byte `offset`, and the offset after it; `nil` at the end.
    func scalar(at offset: Int) -> (class: ScalarClass, end: Int)? {
        guard let (value, end) = value(at: offset) else { return nil }
        return (Unicode.Scalar(value).map(ScalarClass.of) ?? .other, end)
    }

    /// The code of the scalar at byte `offset`, and the offset after it; `nil` at the end.
    func value(at offset: Int) -> (value: UInt32, end: Int)? {
        guard offset < end else { return nil }
        let lead = UInt32(bytes[offset])
        switch lead {
        case ..<0x80:
            return (lead, offset + 1)
        case ..<0xE0:
            return ((lead & 0x1F) << 6 | tail(offset + 1), offset + 2)
        case ..<0xF0:
            return ((lead & 0x0F) << 12 | tail(offset + 1) << 6 | tail(offset + 2), offset + 3)
        default:
            let high = (lead & 0x07) << 18 | tail(offset + 1) << 12
            return (high | tail(offset + 2) << 6 | tail(offset + 3), offset + 4)
        }
    }

    /// The end of the run of scalars of one class at `offset`; `offset` if there is none.
    func endOfRun(of kind: ScalarClass, from offset: Int, atMost limit: Int = .max) -> Int {
        var end = offset
        var count = 0
        while count < limit, let next = scalar(at: end), next.class == kind {
            end = next.end
            count += 1
        }
        return end
    }

    /// Whether the text at `offset` begins with a string.
    func spells(_ spelling: StaticString, at offset: Int) -> Bool {
        let count = spelling.utf8CodeUnitCount
        guard offset + count <= end else { return false }
        return spelling.withUTF8Buffer { bytes[offset..<offset + count].elementsEqual($0) }
    }

    private func tail(_ offset: Int) -> UInt32 { UInt32(bytes[offset] & 0x3F) }
}
