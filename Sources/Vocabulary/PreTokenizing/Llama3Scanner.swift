/// Matches the pattern of Llama 3 and Qwen 2 at one place of a text.
struct Llama3Scanner {
    /// The most digits of one pre-token: 3 for Llama 3, 1 for Qwen 2.
    let digitsPerPreToken: Int

    func endOfPreToken(in text: UTF8Text, from start: Int) -> Int {
        if let end = text.endOfContraction(from: start, ignoringCase: true) { return end }
        guard let first = text.scalar(at: start) else { return start }
        let second = text.scalar(at: first.end)

        switch first.class {
        case .letter:
            return text.endOfRun(of: .letter, from: first.end)
        case .number:
            return text.endOfRun(of: .number, from: start, atMost: digitsPerPreToken)
        case .space, .other:
            // `[^\r\n\p{L}\p{N}]?\p{L}+`: one symbol or space may come before the letters.
            if second?.class == .letter { return text.endOfRun(of: .letter, from: first.end) }
        case .newline:
            break
        }

        // ` ?[^\s\p{L}\p{N}]+[\r\n]*`
        let body = text.bytes[start] == UInt8(ascii: " ") ? first.end : start
        let signs = text.endOfRun(of: .other, from: body)
        if signs > body { return text.endOfRun(of: .newline, from: signs) }

        return text.endOfLines(from: start) ?? text.endOfWhitespace(from: start)
    }
}
