/// The tokens `<0x00>` to `<0xFF>` for characters that a vocabulary lacks (`byte_fallback`).
enum ByteFallback {
    static let spellings: [[UInt8]] = (UInt8.min...UInt8.max).map { byte in
        let digits = String(byte, radix: 16, uppercase: true)
        return Array("<0x\(byte < 16 ? "0" : "")\(digits)>".utf8)
    }

    /// The byte of a fallback token; `nil` for another token.
    static func byte(spelledBy spelling: [UInt8]) -> UInt8? {
        guard spelling.count == 6, spelling.starts(with: "<0x".utf8),
            spelling[5] == UInt8(ascii: ">")
        else { return nil }
        return UInt8(String(decoding: spelling[3..<5], as: UTF8.self), radix: 16)
    }
}
