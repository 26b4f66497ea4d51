/// Matches CLIP's pattern at one place of a text, or the white space before its next match.
struct CLIPScanner {
    /// Whether `<|startoftext|>` and `<|endoftext|>` are pre-tokens of their own.
    let findsSpecialTokens: Bool

    func endOfPreToken(in text: UTF8Text, from start: Int) -> Int {
        if findsSpecialTokens, let end = endOfSpecialToken(in: text, from: start) { return end }
        if let end = text.endOfContraction(from: start, ignoringCase: false) { return end }
        guard let first = text.scalar(at: start) else { return start }
        switch first.class {
        case .letter, .other: return text.endOfRun(of: first.class, from: first.end)
        case .number: return first.end
        case .space, .newline:
            var end = first.end
            while let next = text.scalar(at: end), next.class.isWhitespace { end = next.end }
            return end
        }
    }

    private func endOfSpecialToken(in text: UTF8Text, from start: Int) -> Int? {
        let specialTokens: [StaticString] = ["<|startoftext|>", "<|endoftext|>"]
        return specialTokens.first { text.spells($0, at: start) }.map {
            start + $0.utf8CodeUnitCount
        }
    }
}
