/// How a text is cut into the pieces that merges never cross.
///
/// Each case is one regular expression of a known model family, matched by a scanner of its own: the
/// expressions need look-ahead, and a general engine would be slow and open to hostile patterns.
public enum SplitPattern: Sendable, Hashable, CaseIterable {
    /// Contractions, then runs of letters, numbers or others, each with one space before it.
    case gpt2
    /// As `qwen2`, but with up to three digits a piece.
    case llama3
    /// Runs of letters with any one sign before them, single digits, signs with the newlines after.
    case qwen2

    /// The expression as `tokenizer.json` spells it.
    var regex: String {
        switch self {
        case .gpt2:
            #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
        case .llama3:
            Self.familyOfLlama3(digits: #"\p{N}{1,3}"#)
        case .qwen2:
            Self.familyOfLlama3(digits: #"\p{N}"#)
        }
    }

    /// The pieces of `text` in order; together they are the text.
    public func pieces(of text: String) -> [String] {
        let text = UTF8Text(text)
        var pieces: [String] = []
        var start = 0
        while start < text.bytes.count {
            let end = endOfPiece(in: text, from: start)
            pieces.append(String(decoding: text.bytes[start..<end], as: UTF8.self))
            start = end
        }
        return pieces
    }

    /// The end of the piece that begins at byte `start`, which is before the end of the text.
    func endOfPiece(in text: UTF8Text, from start: Int) -> Int {
        switch self {
        case .gpt2: GPT2Scanner.endOfPiece(in: text, from: start)
        case .llama3: Llama3Scanner(digitsPerPiece: 3).endOfPiece(in: text, from: start)
        case .qwen2: Llama3Scanner(digitsPerPiece: 1).endOfPiece(in: text, from: start)
        }
    }

    private static func familyOfLlama3(digits: String) -> String {
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + digits
            + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }
}
