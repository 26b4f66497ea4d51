import CSpng

extension EncodedImage {
    /// Decodes a PNG of any color type and depth, interlaced or not.
    func decodePNG() throws(ImageError) -> Image {
        let (width, height, rgba, texts) = try decodeTransparentPNG()
        return Image(width: width, height: height, flattening: rgba)
            .turned(ExifOrientation(png: bytes, texts: texts))
    }

    /// Decodes a PNG with straight alpha, `height * width * 4` bytes, and its texts.
    func decodeTransparentPNG() throws(ImageError) -> (
        width: Int, height: Int, rgba: [UInt8], texts: [(keyword: String, text: [UInt8])]
    ) {
        let (width, height) = try sizeFromPNGHeader()
        try limits.check(width: width, height: height, of: name)
        try checkPNGReachesItsEnd()
        var texts: [(keyword: String, text: [UInt8])] = []
        let rgba = try bytes.withUnsafeBufferPointer { (source) throws(ImageError) -> [UInt8] in
            guard let context = spng_ctx_new(0) else { throw damaged(.png, "out of memory") }
            defer { spng_ctx_free(context) }

            // A discarded ancillary chunk could be the transparency, so every checksum is checked.
            let strict = Int32(SPNG_CRC_ERROR.rawValue)
            try check(spng_set_crc_action(context, strict, strict))
            try check(spng_set_chunk_limits(context, limits.encodedBytes, limits.encodedBytes))
            try check(spng_set_png_buffer(context, source.baseAddress, source.count))

            let format = Int32(SPNG_FMT_RGBA8.rawValue)
            var size = 0
            try check(spng_decoded_image_size(context, format, &size))
            guard size == width * height * 4 else { throw damaged(.png, "the header is wrong") }
            var status: Int32 = 0
            let rgba = [UInt8](unsafeUninitializedCapacity: size) { space, count in
                let flags = Int32(SPNG_DECODE_TRNS.rawValue)
                status = spng_decode_image(context, space.baseAddress, size, format, flags)
                count = status == 0 ? size : 0
            }
            try check(status)
            try check(spng_decode_chunks(context))
            texts = Self.texts(context)
            return rgba
        }
        return (width, height, rgba, texts)
    }

    /// The texts of a PNG, decompressed.
    private static func texts(_ context: OpaquePointer) -> [(keyword: String, text: [UInt8])] {
        var count: UInt32 = 0
        guard spng_get_text(context, nil, &count) == 0 else { return [] }
        var texts = [spng_text](repeating: spng_text(), count: Int(count))
        guard spng_get_text(context, &texts, &count) == 0 else { return [] }
        return texts.map { text in
            let keyword = withUnsafeBytes(of: text.keyword) { $0.prefix { $0 != 0 } }
            let bytes = UnsafeRawBufferPointer(start: text.text, count: text.length)
            return (String(decoding: keyword, as: UTF8.self), Array(bytes))
        }
    }

    private func check(_ status: Int32) throws(ImageError) {
        guard status == 0 else { throw damaged(.png, String(cString: spng_strerror(status))) }
    }

    /// Reads width and height from the IHDR chunk, which must be the first.
    private func sizeFromPNGHeader() throws(ImageError) -> (width: Int, height: Int) {
        guard bytes.count >= 33, bytes[12..<16].elementsEqual("IHDR".utf8) else {
            throw damaged(.png, "the header is missing or truncated")
        }
        return (number(at: 16), number(at: 20))
    }

    /// Refuses a file without its last chunk; the decoder would accept it.
    private func checkPNGReachesItsEnd() throws(ImageError) {
        var offset = 8
        // A chunk is its length, its name of four bytes, its body and its checksum.
        while offset + 12 <= bytes.count {
            let end = offset + 12 + number(at: offset)
            guard end <= bytes.count else { break }
            if bytes[offset + 4..<offset + 8].elementsEqual("IEND".utf8) { return }
            offset = end
        }
        throw damaged(.png, "it is truncated after \(bytes.count) bytes")
    }

    private func number(at offset: Int) -> Int {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
}
