/// How a text is cut into the pieces that merges never cross.
///
/// Each case is one regular expression of a known model family, matched by a scanner of its own: the
/// expressions need look-ahead, and a general engine would be slow and open to hostile patterns.
package enum SplitPattern: Sendable, Hashable, CaseIterable {
    /// Contractions, then runs of letters, numbers or others, each with one space before it.
    case gpt2
    /// As `qwen2`, but with up to three digits a piece.
    case llama3
    /// Runs of letters with any one sign before them, single digits, signs with the newlines after.
    case qwen2
    /// Mistral's byte-level tokenizer: as `qwen2`, but a capital after a small letter begins a word.
    case tekken
    /// CLIP: contractions, runs of letters, single digits, runs of signs; white space is dropped.
    case clip
    /// As `clip`, with the two special tokens apart from signs beside them.
    case clipWithSpecialTokens
    /// Chameleon: `<sentinel:0>` and the like apart from what is around them.
    case chameleonSentinel
    /// Chameleon: what spells the token of an image code.
    case chameleonImageCode
    /// Chameleon: tabulators, newlines, and spaces by fours and twos.
    case chameleonSpaces

    /// The expression as `tokenizer.json` spells it.
    var regex: String {
        switch self {
        case .gpt2:
            #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
        case .llama3:
            Self.familyOfLlama3(digits: #"\p{N}{1,3}"#)
        case .qwen2:
            Self.familyOfLlama3(digits: #"\p{N}"#)
        case .tekken:
            #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|"#
                + #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|"#
                + #"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        case .clip:
            Self.clipRegex
        case .clipWithSpecialTokens:
            #"<\|startoftext\|>|<\|endoftext\|>|"# + Self.clipRegex
        case .chameleonSentinel:
            "<sentinel:[0-9]+>"
        case .chameleonImageCode:
            "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z"
        case .chameleonSpaces:
            #"([\t\n]|    |  )"#
        }
    }

    /// Whether it matches everywhere, so that no text is left between two matches.
    var coversEverything: Bool {
        switch self {
        case .gpt2, .llama3, .qwen2, .tekken: true
        case .clip, .clipWithSpecialTokens, .chameleonSentinel, .chameleonImageCode,
            .chameleonSpaces:
            false
        }
    }

    /// Whether what is between two matches, which is white space, is dropped.
    var dropsSpaces: Bool { self == .clip || self == .clipWithSpecialTokens }

    /// The pieces of `text` in order; together they are the text, but for what is dropped.
    package func pieces(of text: String) -> [String] {
        let text = UTF8Text(text)
        var pieces: [String] = []
        var start = 0
        while start < text.end {
            let end = endOfPiece(in: text, from: start)
            if keepsPiece(in: text, at: start) {
                pieces.append(String(decoding: text.bytes[start..<end], as: UTF8.self))
            }
            start = end
        }
        return pieces
    }

    /// Whether the piece that begins at byte `start` is one of the text's.
    func keepsPiece(in text: UTF8Text, at start: Int) -> Bool {
        !dropsSpaces || text.scalar(at: start)?.class.isWhitespace != true
    }

    /// The end of the piece that begins at byte `start`, which is before the end of the text: a match,
    /// or what stands before the next one.
    func endOfPiece(in text: UTF8Text, from start: Int) -> Int {
        switch self {
        case .gpt2: GPT2Scanner.endOfPiece(in: text, from: start)
        case .llama3: Llama3Scanner(digitsPerPiece: 3).endOfPiece(in: text, from: start)
        case .qwen2: Llama3Scanner(digitsPerPiece: 1).endOfPiece(in: text, from: start)
        case .tekken: TekkenScanner.endOfPiece(in: text, from: start)
        case .clip: CLIPScanner(findsSpecialTokens: false).endOfPiece(in: text, from: start)
        case .clipWithSpecialTokens:
            CLIPScanner(findsSpecialTokens: true).endOfPiece(in: text, from: start)
        case .chameleonSentinel:
            text.endOfPiece(from: start, match: ChameleonScanners.endOfSentinel)
        case .chameleonImageCode:
            text.endOfPiece(from: start, match: ChameleonScanners.endOfImageCode)
        case .chameleonSpaces:
            text.endOfPiece(from: start, match: ChameleonScanners.endOfSpaces)
        }
    }

    private static let clipRegex =
        #"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"#

    private static func familyOfLlama3(digits: String) -> String {
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + digits
            + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }
}

extension UTF8Text {
    /// The end of the match at `start`, or the place of the next match, or the end of the text.
    func endOfPiece(from start: Int, match: (UTF8Text, Int) -> Int?) -> Int {
        if let end = match(self, start) { return end }
        var place = start + 1
        while place < end, match(self, place) == nil { place += 1 }
        return place
    }
}
