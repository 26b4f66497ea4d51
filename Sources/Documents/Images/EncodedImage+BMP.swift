extension EncodedImage {
    /// Decodes a bitmap of Windows or OS/2 with 1, 4, 8, 16, 24 or 32 bits a pixel, plain or run-length
    /// encoded (RLE4 and RLE8).
    func decodeBMP() throws(ImageError) -> Image {
        try BMPDecoder(self).image()
    }
}

/// Microsoft's BITMAPFILEHEADER and the headers behind it.
private struct BMPDecoder {
    private enum Encoding: Int {
        case plain = 0, rle8, rle4, bitFields
        /// Masks, with one of alpha.
        case alphaBitFields = 6
    }

    private let source: EncodedImage
    private let width: Int
    private let height: Int
    private let isTopDown: Bool
    private let bits: Int
    private let encoding: Encoding
    /// Where the pixels begin.
    private let pixelStart: Int
    private var palette: [SIMD4<UInt8>] = []
    /// The bits of red, green, blue and alpha in a pixel of 16 or 32 bits.
    private var masks: [UInt32] = []

    private static let fileHeaderSize = 14

    init(_ source: EncodedImage) throws(ImageError) {
        self.source = source
        let bytes = source.bytes
        func failure(_ reason: String) -> ImageError { source.damaged(.bmp, reason) }
        guard bytes.count >= 26, let headerSize = bytes.little(at: 14, size: 4),
            bytes.count >= Self.fileHeaderSize + headerSize
        else { throw failure("it ends in its header") }
        func field(_ offset: Int, _ size: Int) -> Int { bytes.little(at: offset, size: size) ?? 0 }
        let isOld = headerSize == 12
        guard isOld || headerSize >= 40 else {
            throw failure("a header of \(headerSize) bytes is not known")
        }
        width = isOld ? field(18, 2) : Int(Int32(truncatingIfNeeded: field(18, 4)))
        let rows = isOld ? field(20, 2) : Int(Int32(truncatingIfNeeded: field(22, 4)))
        isTopDown = rows < 0
        height = abs(rows)
        try source.limits.check(width: width, height: height, of: source.name)
        bits = field(isOld ? 24 : 28, 2)
        let code = isOld ? 0 : field(30, 4)
        guard let encoding = Encoding(rawValue: code) else {
            throw failure("compression \(code) is not known")
        }
        let fits =
            switch encoding {
            case .plain: [1, 4, 8, 16, 24, 32].contains(bits)
            case .rle8: bits == 8 && !isTopDown
            case .rle4: bits == 4 && !isTopDown
            case .bitFields, .alphaBitFields: bits == 16 || bits == 32
            }
        guard fits else {
            throw failure("\(bits) bits a pixel with compression \(code) are not known")
        }
        self.encoding = encoding
        var next = Self.fileHeaderSize + headerSize
        if encoding == .bitFields || encoding == .alphaBitFields {
            // Inside of larger headers, behind the smallest one.
            let hasAlpha = headerSize >= 56 || encoding == .alphaBitFields
            let start = Self.fileHeaderSize + 40
            masks = (0..<(hasAlpha ? 4 : 3)).map { UInt32(field(start + $0 * 4, 4)) }
            if headerSize == 40 { next += masks.count * 4 }
        } else if bits == 16 {
            masks = [0x7C00, 0x03E0, 0x001F]
        } else if bits == 32 {
            masks = [0xFF0000, 0xFF00, 0xFF]
        }
        // Some files do not say where their pixels begin, or say that it is where their colors do.
        let start = field(10, 4)
        let isUnknown = start == 0 || bits <= 8 && start == next
        guard isUnknown || start >= next else { throw failure("its pixels begin in its header") }
        guard bits <= 8 else {
            pixelStart = isUnknown ? next : start
            return
        }
        let entrySize = isOld ? 3 : 4
        let stated = isOld ? 0 : field(46, 4)
        let most = 1 << bits
        let wanted = stated > 0 ? min(stated, most) : most
        pixelStart = isUnknown ? next + wanted * entrySize : start
        // Others have fewer colors than they should.
        let count = min(wanted, max(min(pixelStart, bytes.count) - next, 0) / entrySize)
        palette = (0..<count).map { index in
            let place = next + index * entrySize
            return SIMD4(bytes[place + 2], bytes[place + 1], bytes[place], 255)
        }
        let black = SIMD4<UInt8>(0, 0, 0, 255)
        palette += Array(repeating: black, count: 256 - palette.count)
    }

    func image() throws(ImageError) -> Image {
        if encoding != .rle8, encoding != .rle4 { try checkRows() }
        let indices = bits <= 8 ? try self.indices() : []
        var rgba: [UInt8] = []
        rgba.reserveCapacity(width * height * 4)
        for y in 0..<height {
            let row = isTopDown ? y : height - 1 - y
            for x in 0..<width {
                let color =
                    bits <= 8
                    ? palette[Int(indices[row * width + x])]
                    : color(at: pixelStart + row * stride, x)
                for channel in 0..<4 { rgba.append(color[channel]) }
            }
        }
        return Image(width: width, height: height, flattening: rgba)
    }

    /// The bytes of a row, padded to whole words.
    private var stride: Int { (width * bits + 31) / 32 * 4 }

    /// Refuses a file that ends before its last pixel; the padding behind that may be missing.
    private func checkRows() throws(ImageError) {
        let end = pixelStart + stride * (height - 1) + (width * bits + 7) / 8
        guard source.bytes.count >= end else {
            throw source.damaged(.bmp, "it ends too early")
        }
    }

    /// The color of pixel `x` of a row of 16, 24 or 32 bits a pixel.
    private func color(at row: Int, _ x: Int) -> SIMD4<UInt8> {
        let place = row + x * bits / 8
        let bytes = source.bytes
        if bits == 24 { return SIMD4(bytes[place + 2], bytes[place + 1], bytes[place], 255) }
        let pixel = UInt32(bytes.little(at: place, size: bits / 8) ?? 0)
        var color = SIMD4<UInt8>(0, 0, 0, 255)
        for (channel, mask) in masks.enumerated() where mask != 0 {
            let most = mask >> UInt32(mask.trailingZeroBitCount)
            let value = (pixel & mask) >> UInt32(mask.trailingZeroBitCount)
            color[channel] = UInt8(UInt64(value) * 255 / UInt64(most))
        }
        return color
    }

    /// The palette's indices of all pixels, in the order of the file's rows.
    private func indices() throws(ImageError) -> [UInt8] {
        guard encoding == .plain else { return try runs() }
        let perByte = 8 / bits
        var indices: [UInt8] = []
        indices.reserveCapacity(width * height)
        for y in 0..<height {
            for x in 0..<width {
                let byte = source.bytes[pixelStart + y * stride + x / perByte]
                let shift = 8 - bits * (x % perByte + 1)
                indices.append(byte >> UInt8(shift) & UInt8((1 << bits) - 1))
            }
        }
        return indices
    }

    /// Decodes run-length encoded indices; what they skip is 0.
    private func runs() throws(ImageError) -> [UInt8] {
        var indices = [UInt8](repeating: 0, count: width * height)
        var rest = source.bytes.dropFirst(pixelStart)
        var (x, y) = (0, 0)
        let end = source.damaged(.bmp, "it ends too early")
        func put(_ byte: UInt8, _ number: Int) {
            let isLeft = number % 2 == 0
            let index = encoding == .rle8 ? byte : isLeft ? byte >> 4 : byte & 0x0F
            if x < width, y < height { indices[y * width + x] = index }
            x += 1
        }
        // A run of four bits may have one more pixel, since two share a byte.
        func check() throws(ImageError) {
            if x > width + 1 || y > height {
                throw source.damaged(.bmp, "a run leads out of the image")
            }
        }
        while let count = rest.popFirst(), let value = rest.popFirst() {
            switch (count, value) {
            case (0, 0): (x, y) = (0, y + 1)
            case (0, 1): return indices
            case (0, 2):
                guard let right = rest.popFirst(), let down = rest.popFirst() else { throw end }
                (x, y) = (x + Int(right), y + Int(down))
            case (0, _):
                let size = encoding == .rle8 ? Int(value) : (Int(value) + 1) / 2
                guard rest.count >= size else { throw end }
                let literal = rest.prefix(size)
                for number in 0..<Int(value) {
                    let place = encoding == .rle8 ? number : number / 2
                    put(literal[literal.startIndex + place], number)
                }
                rest = rest.dropFirst(size + size % 2)
            default:
                for number in 0..<Int(count) { put(value, number) }
            }
            try check()
        }
        throw end
    }
}

extension [UInt8] {
    /// The little-endian number of `size` bytes at `offset`; `nil` behind the end.
    fileprivate func little(at offset: Int, size: Int) -> Int? {
        guard offset >= 0, offset + size <= count else { return nil }
        return self[offset..<offset + size].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
