import CWebP

extension EncodedImage {
    /// Decodes a lossy or lossless WebP of one frame.
    func decodeWebP() throws(ImageError) -> Image {
        var features = WebPBitstreamFeatures()
        let status = bytes.withUnsafeBufferPointer { source in
            WebPGetFeatures(source.baseAddress, source.count, &features)
        }
        guard status == VP8_STATUS_OK else {
            throw damaged(.webP, "the header is wrong or truncated")
        }
        guard features.has_animation == 0 else { throw .animated(name: name) }
        let (width, height) = (Int(features.width), Int(features.height))
        try limits.check(width: width, height: height, of: name)

        // The decoder may accept less than the container's length.
        let promised = bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) } + 8
        guard bytes.count >= promised else {
            throw damaged(.webP, "it ends after \(bytes.count) of \(promised) bytes")
        }
        let size = width * height * 4
        let rgba = [UInt8](unsafeUninitializedCapacity: size) { space, count in
            let decoded = bytes.withUnsafeBufferPointer { source in
                WebPDecodeRGBAInto(
                    source.baseAddress,
                    source.count,
                    space.baseAddress,
                    size,
                    Int32(width * 4)
                )
            }
            count = decoded == nil ? 0 : size
        }
        guard rgba.count == size else { throw damaged(.webP, "its pixels cannot be decoded") }
        return Image(width: width, height: height, flattening: rgba)
            .turned(ExifOrientation(webP: bytes))
    }
}
