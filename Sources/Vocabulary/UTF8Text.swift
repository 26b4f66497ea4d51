/// The bytes of a string, read scalar by scalar.
struct UTF8Text {
    /// Valid UTF-8, as every `String` holds it.
    let bytes: [UInt8]

    /// Takes the bytes of a string.
    init(_ string: String) {
        bytes = Array(string.utf8)
    }

    /// The class of the scalar at byte `offset`, and the offset of the next one; `nil` at the end.
    func scalar(at offset: Int) -> (class: ScalarClass, end: Int)? {
        guard offset < bytes.count else { return nil }
        let lead = UInt32(bytes[offset])
        switch lead {
        case ..<0x80:
            return (.of(Unicode.Scalar(UInt8(lead))), offset + 1)
        case ..<0xE0:
            return classified((lead & 0x1F) << 6 | tail(offset + 1), offset + 2)
        case ..<0xF0:
            let value = (lead & 0x0F) << 12 | tail(offset + 1) << 6 | tail(offset + 2)
            return classified(value, offset + 3)
        default:
            let high = (lead & 0x07) << 18 | tail(offset + 1) << 12
            return classified(high | tail(offset + 2) << 6 | tail(offset + 3), offset + 4)
        }
    }

    /// The end of the run of scalars of one class that begins at `offset`; `offset` if there is none.
    func endOfRun(of kind: ScalarClass, from offset: Int, atMost limit: Int = .max) -> Int {
        var end = offset
        var count = 0
        while count < limit, let next = scalar(at: end), next.class == kind {
            end = next.end
            count += 1
        }
        return end
    }

    private func tail(_ offset: Int) -> UInt32 { UInt32(bytes[offset] & 0x3F) }

    private func classified(_ value: UInt32, _ end: Int) -> (class: ScalarClass, end: Int) {
        (Unicode.Scalar(value).map(ScalarClass.of) ?? .other, end)
    }
}
