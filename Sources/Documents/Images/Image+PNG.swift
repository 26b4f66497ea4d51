import CSpng
import Foundation

extension Image {
    /// Encodes the image as PNG with 8 bits a channel.
    ///
    /// - Parameter comments: text chunks (iTXt); a keyword is 1 to 79 printable ASCII characters.
    /// - Returns: the bytes of the file, always the same for the same image and comments.
    package func png(comments: [(keyword: String, text: String)] = []) -> [UInt8] {
        guard let context = spng_ctx_new(Int32(SPNG_CTX_ENCODER.rawValue)) else {
            preconditionFailure("out of memory")
        }
        defer { spng_ctx_free(context) }
        check(spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1))
        var header = spng_ihdr(
            width: UInt32(width),
            height: UInt32(height),
            bit_depth: 8,
            color_type: UInt8(SPNG_COLOR_TYPE_TRUECOLOR.rawValue),
            compression_method: 0,
            filter_method: 0,
            interlace_method: 0
        )
        check(spng_set_ihdr(context, &header))

        var chunks = comments.map { spng_text(keyword: $0.keyword, text: $0.text) }
        defer { for chunk in chunks { chunk.deallocate() } }
        if !chunks.isEmpty { check(spng_set_text(context, &chunks, UInt32(chunks.count))) }

        let format = Int32(SPNG_FMT_PNG.rawValue)
        let finalize = Int32(SPNG_ENCODE_FINALIZE.rawValue)
        check(spng_encode_image(context, pixels, pixels.count, format, finalize))
        var length = 0
        var status: Int32 = 0
        let bytes = spng_get_png_buffer(context, &length, &status)
        defer { free(bytes) }
        check(status)
        return Array(UnsafeRawBufferPointer(start: bytes, count: length))
    }

    private func check(_ status: Int32) {
        precondition(status == 0, String(cString: spng_strerror(status)))
    }
}

extension spng_text {
    /// An uncompressed UTF-8 comment that owns its text.
    fileprivate init(keyword: String, text: String) {
        precondition(
            (1...79).contains(keyword.utf8.count)
                && keyword.utf8.allSatisfy { 0x20 < $0 && $0 < 0x7F },
            "a keyword of a PNG comment is 1 to 79 printable ASCII characters"
        )
        self.init()
        withUnsafeMutableBytes(of: &self.keyword) { $0.copyBytes(from: keyword.utf8) }
        type = Int32(SPNG_ITXT.rawValue)
        // A NUL would end the text.
        let content = text.replacing("\0", with: "\u{FFFD}")
        self.text = strdup(content)
        length = content.utf8.count
        language_tag = strdup("")
        translated_keyword = strdup("")
    }

    fileprivate func deallocate() {
        free(text)
        free(language_tag)
        free(translated_keyword)
    }
}
