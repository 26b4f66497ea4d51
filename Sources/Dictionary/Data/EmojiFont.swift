import CFreeType

/// A font of coloured bitmaps, through FreeType: the only caller of its C functions.
///
/// FreeType's handles are not safe to share, so neither is this class.
final class EmojiFont {
    private let library: FT_Library
    private let face: FT_Face

    /// Opens the font and selects its first bitmap size.
    init(_ file: SourceFile) throws(DictionaryError) {
        _ = try file.read()  // tells a missing file from a wrong one
        var library: FT_Library?
        guard FT_Init_FreeType(&library) == 0, let library else {
            throw .unusableFont(path: file.path, problem: "FreeType does not start")
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

    /// Returns the whole coloured bitmap of a character, or `nil` if the font has none.
    ///
    /// The bitmap is taken as it is stored, without its bearings: placed by its origin on a line
    /// of text, its right edge would be cut off.
    func glyph(of character: Unicode.Scalar) -> Glyph? {
        let index = FT_Get_Char_Index(face, FT_ULong(character.value))
        guard index != 0, FT_Load_Glyph(face, index, Int32(FT_LOAD_COLOR)) == 0 else { return nil }
        let bitmap = face.pointee.glyph.pointee.bitmap
        guard bitmap.pixel_mode == UInt8(FT_PIXEL_MODE_BGRA.rawValue),
            let buffer = bitmap.buffer, bitmap.width > 0, bitmap.rows > 0
        else { return nil }

        let (width, height) = (Int(bitmap.width), Int(bitmap.rows))
        var pixels = [UInt8]()
        pixels.reserveCapacity(width * height * 4)
        for y in 0..<height {
            // A negative pitch means rows from the bottom up, beginning at the buffer's last row.
            let pitch = Int(bitmap.pitch)
            let row = buffer + (pitch < 0 ? (y - height + 1) * pitch : y * pitch)
            for x in 0..<width {
                pixels += [row[4 * x + 2], row[4 * x + 1], row[4 * x], row[4 * x + 3]]
            }
        }
        return Glyph(width: width, height: height, pixels: pixels)
    }
}
