import CWebP

extension EncodedImage {
    /// Decodes a lossy or lossless WebP, of an animation the first frame on its canvas.
    func decodeWebP() throws(ImageError) -> Image {
        var features = WebPBitstreamFeatures()
        let status = bytes.withUnsafeBufferPointer { source in
            WebPGetFeatures(source.baseAddress, source.count, &features)
        }
        guard status == VP8_STATUS_OK else {
            throw damaged(.webP, "the header is wrong or truncated")
        }
        let (width, height) = (Int(features.width), Int(features.height))
        try limits.check(width: width, height: height, of: name)

        // The decoder may accept less than the container's length.
        let promised = bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) } + 8
        guard bytes.count >= promised else {
            throw damaged(.webP, "it ends after \(bytes.count) of \(promised) bytes")
        }
        let size = width * height * 4
        let rgba =
            features.has_animation != 0
            ? firstFrame(size) : wholeImage(size, stride: width * 4)
        guard rgba.count == size else { throw damaged(.webP, "its pixels cannot be decoded") }
        return Image(width: width, height: height, flattening: rgba)
            .turned(ExifOrientation(webP: bytes))
    }

    private func wholeImage(_ size: Int, stride: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { space, count in
            let decoded = bytes.withUnsafeBufferPointer { source in
                WebPDecodeRGBAInto(
                    source.baseAddress,
                    source.count,
                    space.baseAddress,
                    size,
                    Int32(stride)
                )
            }
            count = decoded == nil ? 0 : size
        }
    }

    /// The first frame of an animation; empty if it cannot be decoded.
    private func firstFrame(_ size: Int) -> [UInt8] {
        bytes.withUnsafeBufferPointer { source in
            var data = WebPData(bytes: source.baseAddress, size: source.count)
            var options = WebPAnimDecoderOptions()
            guard WebPAnimDecoderOptionsInit(&options) != 0 else { return [] }
            options.color_mode = MODE_RGBA
            guard let decoder = WebPAnimDecoderNew(&data, &options) else { return [] }
            defer { WebPAnimDecoderDelete(decoder) }
            var frame: UnsafeMutablePointer<UInt8>?
            var time: Int32 = 0
            guard WebPAnimDecoderGetNext(decoder, &frame, &time) != 0, let frame else { return [] }
            return Array(UnsafeBufferPointer(start: frame, count: size))
        }
    }
}
