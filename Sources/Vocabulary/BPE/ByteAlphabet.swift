/// The printable character for each byte in the tokens of a byte-level vocabulary (GPT-2).
///
/// A printable Latin-1 character represents its own byte; the other 68 bytes are mapped to the
/// characters from U+0100 on. So a token is a JSON string without spaces.
enum ByteAlphabet {
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (UInt32(0)..<0x100).compactMap { byte in
            if isPrintable(byte) { return Unicode.Scalar(byte) }
            defer { next += 1 }
            return Unicode.Scalar(next)
        }
    }()

    /// All bytes ordered by their character: the order of their ids in a trained vocabulary.
    static let bytesInOrder: [UInt8] = (UInt8.min...UInt8.max).sorted {
        scalars[Int($0)] < scalars[Int($1)]
    }

    /// The byte of each character code, of which the alphabet uses those below 324.
    private static let bytesByScalar: [UInt8?] = {
        var bytes = [UInt8?](repeating: nil, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar.value)] = UInt8(byte) }
        return bytes
    }()

    /// The string for `bytes` in a `tokenizer.json`.
    static func spelling(of bytes: some Sequence<UInt8>) -> String {
        var spelling = String.UnicodeScalarView()
        for byte in bytes { spelling.append(scalars[Int(byte)]) }
        return String(spelling)
    }

    /// The bytes for a string; `nil` if it has a character outside the alphabet.
    static func bytes(of spelling: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in spelling.unicodeScalars {
            guard scalar.value < 0x144, let byte = bytesByScalar[Int(scalar.value)] else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }

    private static func isPrintable(_ code: UInt32) -> Bool {
        (0x21...0x7E).contains(code) || (0xA1...0xFF).contains(code) && code != 0xAD
    }
}
