import CTurboJPEG

extension EncodedImage {
    /// Decodes a baseline or progressive JPEG in gray, YCbCr, RGB, CMYK or YCCK.
    func decodeJPEG() throws(ImageError) -> Image {
        guard let handle = tjInitDecompress() else { throw damaged(.jpeg, "out of memory") }
        defer { tjDestroy(handle) }

        var width: Int32 = 0
        var height: Int32 = 0
        var subsampling: Int32 = 0
        var colorSpace: Int32 = 0
        let headerStatus = bytes.withUnsafeBufferPointer { source in
            tjDecompressHeader3(
                handle,
                source.baseAddress,
                UInt(source.count),
                &width,
                &height,
                &subsampling,
                &colorSpace
            )
        }
        guard headerStatus == 0 else { throw damaged(.jpeg, Self.reason(handle)) }
        try limits.check(width: Int(width), height: Int(height), of: name)

        let isInk =
            colorSpace == Int32(TJCS_CMYK.rawValue) || colorSpace == Int32(TJCS_YCCK.rawValue)
        let layout = isInk ? TJPF_CMYK : TJPF_RGB
        let size = Int(width) * Int(height) * (isInk ? 4 : 3)
        // A truncated file is only a warning to the library, which would fill the rest with gray.
        let flags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS
        var status: Int32 = 0
        let samples = [UInt8](unsafeUninitializedCapacity: size) { space, count in
            status = bytes.withUnsafeBufferPointer { source in
                tjDecompress2(
                    handle,
                    source.baseAddress,
                    UInt(source.count),
                    space.baseAddress,
                    width,
                    0,
                    height,
                    Int32(layout.rawValue),
                    flags
                )
            }
            count = status == 0 ? size : 0
        }
        guard status == 0 else { throw damaged(.jpeg, Self.reason(handle)) }
        let pixels = isInk ? Self.rgb(fromInvertedInk: samples) : samples
        return Image(width: Int(width), height: Int(height), pixels: pixels)
            .turned(ExifOrientation(jpeg: bytes))
    }

    private static func reason(_ handle: tjhandle) -> String {
        String(cString: tjGetErrorStr2(handle))
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
