/// The tokens `<0x00>` to `<0xFF>` for characters that a vocabulary lacks (`byte_fallback`).
enum ByteFallback {
    static let spellings: [[UInt8]] = (UInt8.min...UInt8.max).map { byte in
        let digits = String(byte, radix: 16, uppercase: true)
        return Array("<0x\(byte < 16 ? "0" : "")\(digits)>".utf8)
    }

    /// The byte of a fallback token; `nil` for another token.
    static func byte(spelledBy spelling: [UInt8]) -> UInt8? {
        guard spelling.count == 6, spelling.starts(with: "<0x".utf8),
            spelling[5] == UInt8(ascii: ">"), let high = digit(spelling[3]),
            let low = digit(spelling[4])
        else { return nil }
        return high << 4 | low
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
