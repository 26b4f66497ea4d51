import CJPEG

extension EncodedImage {
    /// Decodes a baseline or progressive JPEG in gray, YCbCr, RGB, CMYK or YCCK.
    ///
    /// Padding before the end of the file and stray bytes in the header are passed over.
    func decodeJPEG() throws(ImageError) -> Image {
        var reason = [CChar](repeating: 0, count: Int(CJ_REASON_SIZE))
        var header = CJHeader()
        let isRead = bytes.withUnsafeBufferPointer { source in
            cj_read_header(source.baseAddress, source.count, &header, &reason)
        }
        guard isRead else { throw damaged(.jpeg, String(cReason: reason)) }
        try limits.check(width: header.width, height: header.height, of: name)

        let size = header.width * header.height * header.channels
        var isWhole = false
        let samples = [UInt8](unsafeUninitializedCapacity: size) { space, count in
            isWhole = bytes.withUnsafeBufferPointer { source in
                cj_decode(source.baseAddress, source.count, &header, space.baseAddress, &reason)
            }
            count = isWhole ? size : 0
        }
        guard isWhole else { throw damaged(.jpeg, String(cReason: reason)) }
        let pixels = header.channels == 4 ? Self.rgb(fromInvertedInk: samples) : samples
        return Image(width: header.width, height: header.height, pixels: pixels)
            .turned(ExifOrientation(jpeg: bytes))
    }

    /// Converts CMYK as Adobe writes it, where 255 is no ink.
    private static func rgb(fromInvertedInk samples: [UInt8]) -> [UInt8] {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(samples.count / 4 * 3)
        for start in stride(from: 0, to: samples.count, by: 4) {
            let black = Int(samples[start + 3])
            for ink in 0..<3 {
                pixels.append(UInt8((Int(samples[start + ink]) * black + 127) / 255))
            }
        }
        return pixels
    }
}
