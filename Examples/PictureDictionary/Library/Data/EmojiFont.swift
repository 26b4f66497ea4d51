import CFreeType

/// A font of color bitmaps; the only user of FreeType, whose handles are not thread-safe.
final class EmojiFont {
    private let library: FT_Library
    private let face: FT_Face

    /// Opens the font and selects its first bitmap size.
    init(_ file: SourceFile) throws(DictionaryError) {
        _ = try file.read()  // FreeType does not tell a missing file from a wrong one
        var library: FT_Library?
        guard FT_Init_FreeType(&library) == 0, let library else {
            throw .unusableFont(path: file.path, problem: "FreeType failed to start")
        }
        var face: FT_Face?
        guard FT_New_Face(library, file.path, 0, &face) == 0, let face else {
            FT_Done_FreeType(library)
            throw .unusableFont(path: file.path, problem: "not a font that FreeType reads")
        }
        guard face.pointee.num_fixed_sizes > 0, FT_Select_Size(face, 0) == 0 else {
            FT_Done_Face(face)
            FT_Done_FreeType(library)
            throw .unusableFont(path: file.path, problem: "a font without bitmaps")
        }
        self.library = library
        self.face = face
    }

    deinit {
        FT_Done_Face(face)
        FT_Done_FreeType(library)
    }

    /// Returns the bitmap of a character without its bearings, or `nil` if the font has none.
    func glyph(of character: Unicode.Scalar) -> Glyph? {
        let index = FT_Get_Char_Index(face, FT_ULong(character.value))
        guard index != 0, FT_Load_Glyph(face, index, Int32(FT_LOAD_COLOR)) == 0 else { return nil }
        let bitmap = face.pointee.glyph.pointee.bitmap
        guard bitmap.pixel_mode == UInt8(FT_PIXEL_MODE_BGRA.rawValue),
            let buffer = bitmap.buffer, bitmap.width > 0, bitmap.rows > 0
        else { return nil }

        let (width, height) = (Int(bitmap.width), Int(bitmap.rows))
        var pixels: [SIMD4<UInt8>] = []
        for y in 0..<height {
            // With a negative pitch, rows go from the bottom up.
            let pitch = Int(bitmap.pitch)
            let row = buffer + (pitch < 0 ? (y - height + 1) * pitch : y * pitch)
            for x in 0..<width {
                pixels.append([row[4 * x + 2], row[4 * x + 1], row[4 * x], row[4 * x + 3]])
            }
        }
        return Glyph(width: width, height: height, pixels: pixels)
    }
}
