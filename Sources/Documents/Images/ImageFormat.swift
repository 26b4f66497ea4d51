/// The supported image formats, recognized by their first bytes and never by file names.
package enum ImageFormat: String, Sendable, CaseIterable {
    case png = "PNG"
    case jpeg = "JPEG"
    case webP = "WebP"
    case avif = "AVIF"
    case gif = "GIF"
    case bmp = "BMP"
    case tiff = "TIFF"

    /// The format whose signature `bytes` begin with; `nil` if there is none.
    package init?(sniffing bytes: [UInt8]) {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
            self = .webP
        } else if Self.avifStarts.contains(where: bytes.dropFirst(4).starts) {
            self = .avif
        } else if bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8) {
            self = .gif
        } else if bytes.starts(with: "BM".utf8) {
            self = .bmp
        } else if Self.tiffStarts.contains(where: bytes.starts) {
            self = .tiff
        } else {
            return nil
        }
    }

    /// Behind a length: a still image, a sequence.
    private static let avifStarts = ["ftypavif", "ftypavis"].map { Array($0.utf8) }

    /// In either order of bytes, and with offsets of 32 or 64 bits.
    private static let tiffStarts: [[UInt8]] = [
        [0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A], [0x49, 0x49, 0x2B, 0], [0x4D, 0x4D, 0, 0x2B],
    ]

    /// All formats, as in "PNG, JPEG or WebP".
    static let list: String = {
        let names = allCases.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }()

    /// The usual suffix of a file's name.
    var suffix: String {
        switch self {
        case .jpeg: "jpg"
        case .png, .webP, .avif, .gif, .bmp, .tiff: rawValue.lowercased()
        }
    }

    /// The type in a data URL (RFC 2046).
    var mediaType: String { "image/" + rawValue.lowercased() }

    /// Whether a file's name says that it is an image.
    static func isName(_ name: String) -> Bool {
        name.split(separator: ".").dropFirst().last.map { suffixes.contains($0.lowercased()) }
            == true
    }

    /// The suffixes of file names that mean an image, of these formats and others: what has one of
    /// them is read or refused, and never taken for something else.
    static let suffixes: Set<String> = [
        "png", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "bmp", "dib", "tif", "tiff", "avif",
        "heic", "heif", "jp2", "j2k", "jpf", "jpx", "jxl", "pbm", "pgm", "ppm", "pnm", "pam", "tga",
        "apng", "ico", "cur", "svg", "eps", "psd", "xcf", "exr", "hdr", "dng", "pcx", "qoi", "xbm",
        "xpm",
    ]

    /// What other bytes look like, for an error message.
    static func guess(_ bytes: [UInt8]) -> String {
        guard !bytes.isEmpty else { return "an empty file" }
        for (start, kind) in known where bytes.starts(with: start.utf8) { return kind }
        if bytes.dropFirst(4).starts(with: "ftyphei".utf8) { return "a HEIC image" }
        let digits = bytes.prefix(8).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        return "a file that begins with the bytes \(digits.joined(separator: " "))"
    }

    private static let known: [(start: String, kind: String)] = [
        ("%PDF", "a PDF document"),
        ("version https://git-lfs", "a Git LFS pointer; fetch the file itself with git lfs pull"),
        ("<svg", "an SVG drawing"),
        ("<?xml", "an XML document"),
        ("<!DOCTYPE", "a web page"),
        ("<html", "a web page"),
    ]
}
