import Foundation

/// Writes PNG files of any kind, uncompressed, also such as lie about their size.
enum PNGMaker {
    /// A file of scanlines that have a byte for their filter before each, and of an Exif orientation.
    static func file(
        width: Int,
        height: Int,
        colorType: UInt8,
        orientation: UInt8 = 1,
        scanlines: [UInt8]
    ) -> [UInt8] {
        let header = bytes(UInt32(width)) + bytes(UInt32(height)) + [8, colorType, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
            + chunk("eXIf", exif(orientation)) + chunk("IDAT", stored(scanlines))
            + chunk("IEND", [])
    }

    /// A TIFF header and a directory of one entry, the orientation.
    private static func exif(_ orientation: UInt8) -> [UInt8] {
        [
            0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0,
            0, 0, 0, 0,
        ]
    }

    /// A zlib stream of stored blocks (RFC 1950 and 1951).
    private static func stored(_ data: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var rest = data[...]
        repeat {
            let block = rest.prefix(65_535)
            rest = rest.dropFirst(block.count)
            let length = UInt16(block.count)
            stream.append(rest.isEmpty ? 1 : 0)
            for half in [length, ~length] { stream += [UInt8(half & 255), UInt8(half >> 8)] }
            stream += block
        } while !rest.isEmpty
        var (a, b) = (UInt32(1), UInt32(0))
        for byte in data {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return stream + bytes(b << 16 | a)
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let checked = Array(name.utf8) + data
        var remainder = UInt32.max
        for byte in checked {
            remainder ^= UInt32(byte)
            for _ in 0..<8 {
                remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0)
            }
        }
        return bytes(UInt32(data.count)) + checked + bytes(~remainder)
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}
