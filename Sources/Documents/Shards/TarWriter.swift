import Basics

/// Writes a tar archive of regular files, always the same bytes for the same members.
struct TarWriter {
    let file: AppendedFile

    /// Appends a file whose name has at most 100 ASCII characters.
    func write(_ bytes: [UInt8], named name: String) throws(FileError) {
        precondition(name.utf8.count <= 100, "the name of a member has at most 100 bytes")
        var header = [UInt8](repeating: 0, count: TarHeader.blockSize)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(name, at: 0)
        put(Self.octal(0o644, digits: 7), at: 100)
        put(Self.octal(0, digits: 7), at: 108)
        put(Self.octal(0, digits: 7), at: 116)
        put(Self.octal(bytes.count, digits: 11), at: 124)
        put(Self.octal(0, digits: 11), at: 136)
        put("        0", at: 148)
        put("ustar\u{0}00", at: 257)
        put(Self.octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\u{0}", at: 148)
        try file.write(header)
        try file.write(bytes)
        let padding =
            (TarHeader.blockSize - bytes.count % TarHeader.blockSize) % TarHeader.blockSize
        try file.write([UInt8](repeating: 0, count: padding))
    }

    /// Writes the end marker.
    func finish() throws(FileError) {
        try file.write([UInt8](repeating: 0, count: 2 * TarHeader.blockSize))
    }

    private static func octal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 8)
        precondition(text.count <= digits, "a member has less than 8 GiB")
        return String(repeating: "0", count: digits - text.count) + text
    }
}
