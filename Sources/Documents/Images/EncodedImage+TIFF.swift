import CTIFF

extension EncodedImage {
    /// Decodes the first image of a TIFF that libtiff can turn into colors: with 1 to 16 bits a sample,
    /// in gray, palette or RGB, or with 8 in YCbCr or CMYK.
    func decodeTIFF() throws(ImageError) -> Image {
        var reason = [CChar](repeating: 0, count: Int(CTI_REASON_SIZE))
        var header = CTIHeader()
        let read = bytes.withUnsafeBufferPointer { source in
            cti_read_header(source.baseAddress, source.count, &header, &reason)
        }
        try check(read, reason)
        let (width, height) = (header.width, header.height)
        try limits.check(width: width, height: height, of: name)

        var decoded = CTI_DAMAGED
        let pixels = [UInt32](unsafeUninitializedCapacity: width * height) { space, count in
            decoded = bytes.withUnsafeBufferPointer { source in
                cti_decode(source.baseAddress, source.count, &header, space.baseAddress, &reason)
            }
            count = decoded == CTI_READ ? width * height : 0
        }
        try check(decoded, reason)
        let colors = Self.colors(onWhite: pixels, header.alpha)
        return Image(width: width, height: height, pixels: colors)
            .turned(ExifOrientation(value: Int(header.orientation)))
    }

    private func check(_ status: CTIStatus, _ reason: [CChar]) throws(ImageError) {
        switch status {
        case CTI_READ: return
        case CTI_UNSUPPORTED:
            throw .unsupported(name: name, format: .tiff, reason: String(cReason: reason))
        default: throw damaged(.tiff, String(cReason: reason))
        }
    }

    /// Blends pixels with white.
    private static func colors(onWhite pixels: [UInt32], _ kind: CTIAlpha) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: pixels.count * 3) { space, count in
            count = pixels.count * 3
            for (place, pixel) in pixels.enumerated() {
                let alpha = kind == CTI_OTHER ? 255 : pixel >> 24
                for channel in 0..<3 {
                    let stored = pixel >> (8 * UInt32(channel)) & 0xFF
                    let value = kind == CTI_STRAIGHT ? (stored * alpha + 127) / 255 : stored
                    space[place * 3 + channel] = UInt8(min(value + 255 - alpha, 255))
                }
            }
        }
    }
}

extension String {
    /// The text of a C array of characters that ends with a zero.
    init(cReason reason: [CChar]) {
        self.init(
            decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
    }
}
