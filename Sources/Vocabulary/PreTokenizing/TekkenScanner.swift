/// Matches the pattern of Mistral's byte-level tokenizer ("Tekken") at one place of a text.
enum TekkenScanner {
    static func endOfPreToken(in text: UTF8Text, from start: Int) -> Int {
        guard let first = text.scalar(at: start) else { return start }
        if let end = endOfWord(in: text, from: start, first) { return end }
        if first.class == .number { return first.end }

        // ` ?[^\s\p{L}\p{N}]+[\r\n/]*`
        let body = text.bytes[start] == UInt8(ascii: " ") ? first.end : start
        let signs = text.endOfRun(of: .other, from: body)
        if signs > body { return endOfLineEnds(in: text, from: signs) }

        return text.endOfLines(from: start) ?? text.endOfWhitespace(from: start)
    }

    /// The two alternatives for words: capitals and then lowercase letters, or capitals alone, each
    /// with at most one symbol or space before it.
    private static func endOfWord(
        in text: UTF8Text,
        from start: Int,
        _ first: (class: ScalarClass, end: Int)
    ) -> Int? {
        let afterSign: Int? =
            switch first.class {
            case .space, .other: first.end
            case .letter, .number, .newline: nil
            }
        return afterSign.flatMap { endOfLowercase(in: text, from: $0) }
            ?? endOfLowercase(in: text, from: start)
            ?? afterSign.flatMap { endOfCapitals(in: text, from: $0) }
            ?? endOfCapitals(in: text, from: start)
    }

    /// Matches `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+`.
    private static func endOfLowercase(in text: UTF8Text, from start: Int) -> Int? {
        var end = start
        var lastThatContinues: Int?
        while let next = text.value(at: end), LetterCase.of(next.value).starts {
            end = next.end
            if LetterCase.of(next.value).continues { lastThatContinues = end }
        }
        // Without a lowercase letter after them, backtrack to a letter without case.
        guard let next = text.value(at: end), LetterCase.of(next.value).continues else {
            return lastThatContinues
        }
        while let next = text.value(at: end), LetterCase.of(next.value).continues { end = next.end }
        return end
    }

    /// Matches `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+`, where no lowercase letter follows.
    private static func endOfCapitals(in text: UTF8Text, from start: Int) -> Int? {
        var end = start
        while let next = text.value(at: end), LetterCase.of(next.value).starts { end = next.end }
        return end > start ? end : nil
    }

    private static let lineEnds: [UInt8] = Array("\r\n/".utf8)

    private static func endOfLineEnds(in text: UTF8Text, from start: Int) -> Int {
        var end = start
        while end < text.end, lineEnds.contains(text.bytes[end]) { end += 1 }
        return end
    }
}
