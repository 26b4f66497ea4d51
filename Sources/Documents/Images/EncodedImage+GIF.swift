import CGIF

extension EncodedImage {
    /// Decodes the first frame of a GIF on its canvas.
    ///
    /// Beside the frame the canvas is transparent, or of the first color if nothing is.
    func decodeGIF() throws(ImageError) -> Image {
        let result = bytes.withUnsafeBytes { source in
            Result { () throws(ImageError) in
                let frame = try GIFFrame(source, of: self)
                return Image(width: frame.width, height: frame.height, flattening: frame.rgba)
            }
        }
        return try result.get()
    }
}

/// Reads a GIF up to the end of its first frame.
private struct GIFFrame {
    private(set) var width = 0
    private(set) var height = 0
    private(set) var rgba: [UInt8] = []
    private let image: EncodedImage
    /// The index that no color is shown for.
    private var transparent: UInt8?

    /// What is left of the file, as giflib's callback reads it, and behind it a zero: it ends the
    /// blocks of an image in a file that lacks their end, and is an error in the middle of one.
    private final class Input {
        private var rest: UnsafeRawBufferPointer
        private var hasEnded = false

        init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

        func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(buffer.count))
            buffer.copyMemory(from: part)
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
            guard part.isEmpty, !buffer.isEmpty, !hasEnded else { return part.count }
            hasEnded = true
            buffer[0] = 0
            return 1
        }
    }

    init(_ bytes: UnsafeRawBufferPointer, of image: EncodedImage) throws(ImageError) {
        self.image = image
        let input = Input(bytes)
        var status: Int32 = 0
        let file = DGifOpen(
            Unmanaged.passUnretained(input).toOpaque(),
            { file, buffer, count in
                guard let data = file?.pointee.UserData else { return 0 }
                let input = Unmanaged<Input>.fromOpaque(data).takeUnretainedValue()
                return Int32(input.read(into: .init(start: buffer, count: Int(count))))
            },
            &status
        )
        guard let file else { throw image.damaged(.gif, Self.reason(status)) }
        defer {
            withExtendedLifetime(input) { _ = DGifCloseFile(file, nil) }
        }
        try read(file)
    }

    private mutating func read(_ file: UnsafeMutablePointer<GifFileType>) throws(ImageError) {
        while true {
            var kind = UNDEFINED_RECORD_TYPE
            try check(DGifGetRecordType(file, &kind), file)
            switch kind {
            case EXTENSION_RECORD_TYPE: try readExtension(file)
            case IMAGE_DESC_RECORD_TYPE:
                try check(DGifGetImageDesc(file), file)
                return try readFrame(file)
            default: throw image.damaged(.gif, "there is no frame")
            }
        }
    }

    private mutating func readExtension(_ file: UnsafeMutablePointer<GifFileType>)
        throws(ImageError)
    {
        var code: Int32 = 0
        var block: UnsafeMutablePointer<GifByteType>?
        try check(DGifGetExtension(file, &code, &block), file)
        while let bytes = block {
            // A block is its length and as many bytes; the first bit of flags is transparency.
            if code == GRAPHICS_EXT_FUNC_CODE, bytes[0] >= 4 {
                transparent = bytes[1] & 1 == 1 ? bytes[4] : nil
            }
            try check(DGifGetExtensionNext(file, &block), file)
        }
    }

    private mutating func readFrame(_ file: UnsafeMutablePointer<GifFileType>) throws(ImageError) {
        let frame = file.pointee.Image
        let (left, top) = (Int(frame.Left), Int(frame.Top))
        let (frameWidth, frameHeight) = (Int(frame.Width), Int(frame.Height))
        guard left >= 0, top >= 0, frameWidth > 0, frameHeight > 0 else {
            throw .empty(name: image.name, width: frameWidth, height: frameHeight)
        }
        width = max(Int(file.pointee.SWidth), left + frameWidth)
        height = max(Int(file.pointee.SHeight), top + frameHeight)
        try image.limits.check(width: width, height: height, of: image.name)
        let map = frame.ColorMap ?? file.pointee.SColorMap
        let colors = map.map {
            UnsafeBufferPointer(start: $0.pointee.Colors, count: Int($0.pointee.ColorCount))
        }
        func color(_ index: UInt8) -> SIMD4<UInt8> {
            guard index != transparent else { return .zero }
            // Without a color map the indices are shades of gray.
            guard let colors else { return SIMD4(index, index, index, 255) }
            guard index < colors.count else { return SIMD4(0, 0, 0, 255) }
            let color = colors[Int(index)]
            return SIMD4(color.Red, color.Green, color.Blue, 255)
        }
        let palette = (0...UInt8.max).map(color)
        let ground = transparent == nil ? palette[0] : .zero
        rgba = [UInt8](unsafeUninitializedCapacity: width * height * 4) { space, count in
            count = width * height * 4
            for place in 0..<count { space[place] = ground[place & 3] }
        }
        var line = [UInt8](repeating: 0, count: frameWidth)
        for row in Self.rows(frameHeight, isInterlaced: frame.Interlace) {
            try check(DGifGetLine(file, &line, Int32(frameWidth)), file)
            var place = ((top + row) * width + left) * 4
            for index in line {
                let color = palette[Int(index)]
                for channel in 0..<4 { rgba[place + channel] = color[channel] }
                place += 4
            }
        }
    }

    /// The rows in the order of the file (GIF89a, appendix E).
    private static func rows(_ count: Int, isInterlaced: Bool) -> [Int] {
        guard isInterlaced else { return Array(0..<count) }
        return [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { start, step in
            Array(stride(from: start, to: count, by: step))
        }
    }

    private func check(_ status: Int32, _ file: UnsafeMutablePointer<GifFileType>)
        throws(ImageError)
    {
        guard status == GIF_OK else {
            throw image.damaged(.gif, Self.reason(file.pointee.Error))
        }
    }

    private static func reason(_ code: Int32) -> String {
        GifErrorString(code).map { String(cString: $0).lowercased() } ?? "it ends too early"
    }
}
