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

    private static func exifSegment(of bytes: [UInt8]) -> ArraySlice<UInt8>? {
        var offset = 2
        while offset + 4 <= bytes.count, bytes[offset] == 0xFF, bytes[offset + 1] != 0xDA {
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
            return number(at: start + 8, 2).flatMap { (1...8).contains($0) ? $0 : nil }
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
