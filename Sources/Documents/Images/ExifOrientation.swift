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

    /// Reads the first Exif segment of a JPEG; upright without one, or if it is malformed.
    init(jpeg bytes: [UInt8]) {
        value = Self.exifSegment(of: bytes).flatMap(Self.orientation) ?? 1
    }

    /// Takes the value of the tag of a TIFF; upright for others than 1 to 8.
    init(tiff orientation: Int) {
        value = (1...8).contains(orientation) ? orientation : 1
    }

    /// Reads the first `eXIf` chunk of a PNG.
    init(png bytes: [UInt8]) {
        self.init(Self.chunk("eXIf", ofPNG: true, in: bytes))
    }

    /// Reads the `EXIF` chunk of a WebP whose header says that it has one.
    init(webP bytes: [UInt8]) {
        let length = bytes.count >= 8 ? bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) } : 0
        let inside = Array(bytes.prefix(length + 8))
        let hasExif =
            Self.chunk("VP8X", ofPNG: false, in: inside)?.first.map { $0 & 0x08 != 0 } ?? false
        self.init(hasExif ? Self.chunk("EXIF", ofPNG: false, in: inside) : nil)
    }

    /// Reads a chunk, which some programs begin as a JPEG's segment does.
    private init(_ chunk: ArraySlice<UInt8>?) {
        let header = Array("Exif\0\0".utf8)
        value =
            chunk.map { $0.starts(with: header) ? $0.dropFirst(header.count) : $0 }
            .flatMap(Self.orientation) ?? 1
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

    private static func exifSegment(of bytes: [UInt8]) -> ArraySlice<UInt8>? {
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
            if bytes[offset + 1] == 0xE1, body.starts(with: Array("Exif\0\0".utf8)) {
                return body.dropFirst(6)
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
