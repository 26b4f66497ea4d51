import CAVIF

extension EncodedImage {
    /// Decodes an AVIF, of a sequence the first frame; grids are put together.
    func decodeAVIF() throws(ImageError) -> Image {
        let result = bytes.withUnsafeBufferPointer { source in
            Result { () throws(ImageError) in try decodeAVIF(source) }
        }
        return try result.get()
    }

    private func decodeAVIF(_ source: UnsafeBufferPointer<UInt8>) throws(ImageError) -> Image {
        guard let decoder = avifDecoderCreate() else { throw damaged(.avif, "out of memory") }
        defer { avifDecoderDestroy(decoder) }
        decoder.pointee.imageSizeLimit = UInt32(clamping: limits.pixels)
        decoder.pointee.ignoreExif = 1
        decoder.pointee.ignoreXMP = 1
        // What many writers leave out and no pixel depends on.
        decoder.pointee.strictFlags = AVIF_STRICT_CLAP_VALID.rawValue
        try check(avifDecoderSetIOMemory(decoder, source.baseAddress, source.count))
        try check(avifDecoderParse(decoder))
        guard let image = decoder.pointee.image else { throw damaged(.avif, "it has no image") }
        let (width, height) = (Int(image.pointee.width), Int(image.pointee.height))
        try limits.check(width: width, height: height, of: name)
        try check(avifDecoderNextImage(decoder))

        var target = avifRGBImage()
        avifRGBImageSetDefaults(&target, image)
        target.format = AVIF_RGB_FORMAT_RGBA
        target.depth = 8
        var status = AVIF_RESULT_OK
        let size = width * height * 4
        let rgba = [UInt8](unsafeUninitializedCapacity: size) { space, count in
            target.pixels = space.baseAddress
            target.rowBytes = UInt32(width * 4)
            status = avifImageYUVToRGB(image, &target)
            count = status == AVIF_RESULT_OK ? size : 0
        }
        try check(status)
        return Image(width: width, height: height, flattening: rgba)
            .turned(ExifOrientation(value: Self.orientation(of: image.pointee)))
    }

    private func check(_ status: avifResult) throws(ImageError) {
        guard status == AVIF_RESULT_OK else {
            throw damaged(.avif, String(cString: avifResultToString(status)).lowercased())
        }
    }

    /// The orientation as in Exif of an image that is first turned by quarters to the left, then
    /// mirrored (ISO/IEC 23008-12, sections 6.5.10 and 6.5.12).
    private static func orientation(of image: avifImage) -> Int {
        let isTurned = image.transformFlags & AVIF_TRANSFORM_IROT.rawValue != 0
        let isMirrored = image.transformFlags & AVIF_TRANSFORM_IMIR.rawValue != 0
        let quarters = isTurned ? Int(image.irot.angle) % 4 : 0
        guard isMirrored else { return [1, 8, 3, 6][quarters] }
        return image.imir.mode == 0 ? [4, 5, 2, 7][quarters] : [2, 7, 4, 5][quarters]
    }
}
