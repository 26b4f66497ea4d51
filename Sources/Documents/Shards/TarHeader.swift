/// The 512-byte header of a member of a tar archive (POSIX.1-2001 ustar).
struct TarHeader {
    static let blockSize = 512

    enum Kind: Equatable {
        case file
        case folder
        /// Pax records about the next member: a longer name, a larger size.
        case extended
        /// Pax records about all following members.
        case global
        /// A GNU record with the name of the next member.
        case longName
        /// A GNU record with what the next member, a link, leads to.
        case longTarget
        /// Not a regular file: a link, a device.
        case other(String)
        /// A file whose bytes are elsewhere or in pieces: a part of a larger archive, a sparse file.
        case refused(String)
    }

    let name: String
    let size: Int
    let kind: Kind
    /// Whether bytes follow, if the size is not zero.
    let hasBody: Bool

    /// Whether the first block of a file is a tar header.
    static func looksLikeTar(_ block: [UInt8]) -> Bool {
        block.count == blockSize && (hasRightChecksum(block) || block.allSatisfy { $0 == 0 })
    }

    /// Parses a block; the error has no place yet.
    init(_ block: [UInt8]) throws(TarProblem) {
        guard Self.hasRightChecksum(block) else {
            throw TarProblem("the header's checksum is wrong")
        }
        guard let size = Self.number(block[124..<136]) else {
            throw TarProblem("the header's size is not a number")
        }
        // Links, devices and folders have no bytes, whatever their size says.
        hasBody = !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(block[156])
        self.size = hasBody ? size : 0
        let isUstar = block[257..<262].elementsEqual("ustar".utf8) && block[262] == 0
        let prefix = isUstar ? Self.text(block[345..<500]) : ""
        let tail = Self.text(block[0..<100])
        name = prefix.isEmpty ? tail : prefix + "/" + tail
        kind = Self.kind(block[156])
    }

    private static func kind(_ flag: UInt8) -> Kind {
        switch flag {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
        case UInt8(ascii: "1"): .other("a hard link")
        case UInt8(ascii: "2"): .other("a symbolic link")
        case UInt8(ascii: "3"), UInt8(ascii: "4"): .other("a device")
        case UInt8(ascii: "5"): .folder
        case UInt8(ascii: "6"): .other("a pipe")
        case UInt8(ascii: "K"): .longTarget
        case UInt8(ascii: "L"): .longName
        case UInt8(ascii: "M"): .refused("the rest of a file of another archive")
        case UInt8(ascii: "S"): .refused("a sparse file")
        case UInt8(ascii: "V"): .other("a label of the archive")
        case UInt8(ascii: "g"): .global
        case UInt8(ascii: "x"): .extended
        default: .other("a member of the unknown type \(flag)")
        }
    }

    private static func hasRightChecksum(_ block: [UInt8]) -> Bool {
        let rest = [block[..<148], block[156...]].joined()
        // The checksum itself counts as spaces. Some old programs sum the bytes as signed numbers.
        let sums = [
            rest.reduce(8 * 0x20) { $0 + Int($1) },
            rest.reduce(8 * 0x20) { $0 + Int(Int8(bitPattern: $1)) },
        ]
        return number(block[148..<156]).map(sums.contains) == true
    }

    /// An octal number, or a binary one if the first bit is set; `nil` if malformed or negative.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        guard let first = field.first else { return nil }
        if first & 0x80 != 0 {
            guard first == 0x80 else { return nil }
            return field.dropFirst().reduce(0 as Int?) { total, byte in
                total.flatMap { $0 > Int.max >> 9 ? nil : $0 << 8 | Int(byte) }
            }
        }
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
        guard !digits.isEmpty else { return nil }
        return digits.reduce(0 as Int?) { total, byte in
            (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte)
                ? total.map { $0 << 3 | Int(byte & 7) } : nil
        }
    }

    /// A name that ends with a zero; bytes that are not UTF-8, as in names of older systems, become
    /// `%E9`, so that two such names are not one.
    static func text(_ field: some Collection<UInt8>) -> String {
        let bytes = Array(field.prefix { $0 != 0 })
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return bytes.map { byte in
            byte < 0x80
                ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

/// A problem of a tar archive, without its place.
struct TarProblem: Error {
    let problem: String

    init(_ problem: String) {
        self.problem = problem
    }
}
