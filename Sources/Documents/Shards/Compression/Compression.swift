/// A format of compressed files, recognized by the first bytes.
package enum Compression: String, Sendable, CaseIterable {
    case gzip
    case zstandard = "Zstandard"
    case bzip2
    case xz

    /// The format that `bytes` begin with; `nil` for others.
    init?(sniffing bytes: [UInt8]) {
        func begins(with signature: UInt8...) -> Bool { bytes.starts(with: signature) }
        if begins(with: 0x1F, 0x8B) {
            self = .gzip
        } else if begins(with: 0x28, 0xB5, 0x2F, 0xFD) || Self.isSkippableFrame(bytes) {
            self = .zstandard
        } else if bytes.starts(with: "BZh".utf8) {
            self = .bzip2
        } else if begins(with: 0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00) {
            self = .xz
        } else {
            return nil
        }
    }

    /// Whether Zstandard data begin with a frame of metadata (RFC 8878, section 3.1.2).
    private static func isSkippableFrame(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 4 && bytes[0] & 0xF0 == 0x50
            && bytes[1...].starts(with: [0x2A, 0x4D, 0x18])
    }

    /// The suffixes of names; the second of each stands for `.tar` and the first.
    private var suffixes: (plain: String, tar: String) {
        switch self {
        case .gzip: ("gz", "tgz")
        case .zstandard: ("zst", "tzst")
        case .bzip2: ("bz2", "tbz2")
        case .xz: ("xz", "txz")
        }
    }

    /// A file's name without the suffix of a compression: `a.jsonl` for `a.jsonl.gz`, `a.tar` for
    /// `a.tgz`.
    package static func plainName(of name: String) -> String {
        let lowercased = name.lowercased()
        for (plain, tar) in allCases.map(\.suffixes) where name.count > tar.count + 1 {
            if lowercased.hasSuffix("." + plain) { return String(name.dropLast(plain.count + 1)) }
            if lowercased.hasSuffix("." + tar) { return name.dropLast(tar.count) + "tar" }
        }
        return name
    }

    func decompressor() -> any Decompressor {
        switch self {
        case .gzip: GzipDecompressor()
        case .zstandard: ZstandardDecompressor()
        case .bzip2: Bzip2Decompressor()
        case .xz: XZDecompressor()
        }
    }
}

/// A library's decompression of one stream, of which a file may have several in a row.
protocol Decompressor: AnyObject {
    /// Decompresses some of `input` into `output`.
    ///
    /// - Returns: the bytes taken and written, and whether the stream has ended.
    /// - Throws: ``DecompressionError`` for damaged data.
    func decompress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer)
        throws(DecompressionError) -> DecompressionStep

    /// Prepares for another stream.
    func restart()
}

struct DecompressionStep {
    var taken: Int
    var written: Int
    var isEnd: Bool
}

/// Why bytes cannot be decompressed.
struct DecompressionError: Error {
    let problem: String

    static let damaged = DecompressionError(problem: "the data are damaged")
}
