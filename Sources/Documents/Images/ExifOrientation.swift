/// The orientation of a photograph: the value of the Exif tag 0x0112.
struct ExifOrientation: Equatable {
    /// From 1 (upright) to 8.
    let value: Int

    /// Whether rows and columns are swapped.
    var swapsAxes: Bool { value >= 5 }
    /// Whether the stored image is mirrored horizontally, before axes are swapped.
    var flipsHorizontally: Bool { [2, 3, 7, 8].contains(value) }
    /// Whether the stored image is mirrored vertically, before axes are swapped.
    var flipsVertically: Bool { [3, 4, 6, 7].contains(value) }

    /// Reads the first Exif segment of a JPEG, or else its XMP; upright without both, or if they
    /// are malformed.
    init(jpeg bytes: [UInt8]) {
        value =
            Self.segment("Exif\0\0", of: bytes).flatMap(Self.orientation(in:))
            ?? Self.segment("http://ns.adobe.com/xap/1.0/\0", of: bytes)
            .flatMap(Self.orientation(inXMP:)) ?? 1
    }

    /// Takes the value of the tag; upright for others than 1 to 8.
    init(value: Int) {
        self.value = (1...8).contains(value) ? value : 1
    }

    /// Reads the first `eXIf` chunk of a PNG, or else the texts in which older programs keep Exif
    /// or XMP.
    init(png bytes: [UInt8], texts: [(keyword: String, text: [UInt8])]) {
        func text(_ keyword: String) -> [UInt8]? { texts.first { $0.keyword == keyword }?.text }
        value =
            Self.chunk("eXIf", ofPNG: true, in: bytes).flatMap(Self.orientation(inChunk:))
            ?? text("Raw profile type exif").flatMap(Self.rawProfile)
            .flatMap { Self.orientation(inChunk: $0[...]) }
            ?? text("XML:com.adobe.xmp").flatMap { Self.orientation(inXMP: $0[...]) } ?? 1
    }

    /// Reads the `EXIF` chunk of a WebP whose header says that it has one.
    init(webP bytes: [UInt8]) {
        let length = bytes.count >= 8 ? bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) } : 0
        let inside = Array(bytes.prefix(length + 8))
        let flags = Self.chunk("VP8X", ofPNG: false, in: inside)?.first ?? 0
        func chunk(_ name: String, flag: UInt8) -> ArraySlice<UInt8>? {
            flags & flag != 0 ? Self.chunk(name, ofPNG: false, in: inside) : nil
        }
        value =
            chunk("EXIF", flag: 0x08).flatMap(Self.orientation(inChunk:))
            ?? chunk("XMP ", flag: 0x04).flatMap(Self.orientation(inXMP:)) ?? 1
    }

    /// Reads a chunk, which some programs begin as a JPEG's segment does.
    private static func orientation(inChunk chunk: ArraySlice<UInt8>) -> Int? {
        let header = Array("Exif\0\0".utf8)
        return orientation(in: chunk.starts(with: header) ? chunk.dropFirst(header.count) : chunk)
    }

    /// Reads the attribute or element `tiff:Orientation`.
    private static func orientation(inXMP xmp: ArraySlice<UInt8>) -> Int? {
        for start in ["tiff:Orientation=\"", "tiff:Orientation>"] {
            guard let found = xmp.firstRange(of: Array(start.utf8)) else { continue }
            let value = xmp[found.upperBound...].first.map { Int($0) - 0x30 }
            return value.flatMap { (1...8).contains($0) ? $0 : nil }
        }
        return nil
    }

    /// The bytes of what ImageMagick calls a raw profile: a newline, its name, its length and
    /// hexadecimal digits, each behind a newline.
    private static func rawProfile(_ text: [UInt8]) -> [UInt8]? {
        let lines = text.split(separator: 0x0A)
        let digits = lines.dropFirst(2).joined().compactMap {
            Character(Unicode.Scalar($0)).hexDigitValue
        }
        guard digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }

    /// The body of the first chunk of a name.
    ///
    /// A PNG's chunk has length, name, body and checksum, a WebP's name, length in the other order
    /// of bytes, and a body of an even number of bytes.
    private static func chunk(_ name: String, ofPNG isPNG: Bool, in bytes: [UInt8])
        -> ArraySlice<UInt8>?
    {
        var offset = isPNG ? 8 : 12
        while offset + 8 <= bytes.count {
            let (first, second) = (bytes[offset..<offset + 4], bytes[offset + 4..<offset + 8])
            let (title, length) = isPNG ? (second, Array(first)) : (first, second.reversed())
            let count = length.reduce(0) { $0 << 8 | Int($1) }
            guard count <= bytes.count - offset - 8 else { return nil }
            if title.elementsEqual(name.utf8) { return bytes[offset + 8..<offset + 8 + count] }
            offset += 8 + count + (isPNG ? 4 : count % 2)
        }
        return nil
    }

    /// The body of the first application segment 1 of a JPEG that begins with `header`, without it.
    private static func segment(_ header: String, of bytes: [UInt8]) -> ArraySlice<UInt8>? {
        var offset = 2
        while offset + 4 <= bytes.count, bytes[offset] == 0xFF, bytes[offset + 1] != 0xDA {
            // A marker may have more than one fill byte before it.
            if bytes[offset + 1] == 0xFF {
                offset += 1
                continue
            }
            let length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
            let end = offset + 2 + length
            guard length >= 2, end <= bytes.count else { return nil }
            let body = bytes[offset + 4..<end]
            if bytes[offset + 1] == 0xE1, body.starts(with: header.utf8) {
                return body.dropFirst(header.utf8.count)
            }
            offset = end
        }
        return nil
    }

    private static func orientation(in tiff: ArraySlice<UInt8>) -> Int? {
        let isLittle = tiff.starts(with: "II".utf8)
        guard isLittle || tiff.starts(with: "MM".utf8) else { return nil }
        func number(at offset: Int, _ count: Int) -> Int? {
            guard offset >= 0, offset <= tiff.count - count else { return nil }
            let field = tiff.dropFirst(offset).prefix(count)
            return (isLittle ? Array(field.reversed()) : Array(field)).reduce(0) {
                $0 << 8 | Int($1)
            }
        }
        guard let directory = number(at: 4, 4), let entries = number(at: directory, 2) else {
            return nil
        }
        for entry in 0..<entries {
            let start = directory + 2 + entry * 12
            guard let tag = number(at: start, 2) else { return nil }
            guard tag == 0x0112 else { continue }
            // A short, or a long as some programs write it.
            let width = number(at: start + 2, 2) == 4 ? 4 : 2
            return number(at: start + 8, width).flatMap { (1...8).contains($0) ? $0 : nil }
        }
        return nil
    }
}

extension Image {
    /// The image rotated to be upright.
    func turned(_ orientation: ExifOrientation) -> Image {
        guard orientation.value != 1 else { return self }
        let newWidth = orientation.swapsAxes ? height : width
        let newHeight = orientation.swapsAxes ? width : height
        var turned: [UInt8] = []
        turned.reserveCapacity(pixels.count)
        for row in 0..<newHeight {
            for column in 0..<newWidth {
                var (x, y) = orientation.swapsAxes ? (row, column) : (column, row)
                if orientation.flipsHorizontally { x = width - 1 - x }
                if orientation.flipsVertically { y = height - 1 - y }
                let start = (y * width + x) * 3
                turned.append(contentsOf: pixels[start..<start + 3])
            }
        }
        return Image(width: newWidth, height: newHeight, pixels: turned)
    }
}
