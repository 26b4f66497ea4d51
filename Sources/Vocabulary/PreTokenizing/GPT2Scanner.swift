/// Matches GPT-2's pattern at one place of a text.
enum GPT2Scanner {
    static func endOfPreToken(in text: UTF8Text, from start: Int) -> Int {
        if let end = text.endOfContraction(from: start, ignoringCase: false) { return end }
        // ` ?\p{L}+`, ` ?\p{N}+` and ` ?[^\s\p{L}\p{N}]+`: one plain space may come first.
        let body = text.bytes[start] == UInt8(ascii: " ") ? start + 1 : start
        if let first = text.scalar(at: body), !first.class.isWhitespace {
            return text.endOfRun(of: first.class, from: first.end)
        }
        return text.endOfWhitespace(from: start)
    }
}
