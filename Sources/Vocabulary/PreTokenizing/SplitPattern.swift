/// The regular expression of a model family that splits a text into pre-tokens.
///
/// Each is matched by its own scanner: the expressions need look-ahead, and a general engine would
/// be slow and open to hostile patterns.
package enum SplitPattern: Sendable, Hashable, CaseIterable {
    /// Contractions; runs of letters, digits or symbols, each with one space before it.
    case gpt2
    /// As `qwen2`, but with up to three digits together.
    case llama3
    /// Runs of letters with one symbol before them, single digits, symbols with following newlines.
    case qwen2
    /// Mistral's byte-level tokenizer: as `qwen2`, but a capital after a lowercase letter starts a
    /// word.
    case tekken
    /// CLIP: contractions, runs of letters, single digits, runs of symbols; white space is dropped.
    case clip
    /// As `clip`, with its two special tokens split off.
    case clipWithSpecialTokens
    /// Chameleon: splits off `<sentinel:0>` and the like.
    case chameleonSentinel
    /// Chameleon: splits off strings of image code tokens.
    case chameleonImageCode
    /// Chameleon: tabs, newlines, and spaces by fours and twos.
    case chameleonSpaces

    /// The expression in `tokenizer.json`.
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

    /// Whether there is no text between two matches.
    var coversEverything: Bool {
        switch self {
        case .gpt2, .llama3, .qwen2, .tekken: true
        case .clip, .clipWithSpecialTokens, .chameleonSentinel, .chameleonImageCode,
            .chameleonSpaces:
            false
        }
    }

    /// Whether the white space between two matches is dropped.
    var dropsSpaces: Bool { self == .clip || self == .clipWithSpecialTokens }

    /// The end of the pre-token at byte `start`, which is before the end of the text: a match, or
    /// the text before the next match.
    func endOfPreToken(in text: UTF8Text, from start: Int) -> Int {
        switch self {
        case .gpt2: GPT2Scanner.endOfPreToken(in: text, from: start)
        case .llama3: Llama3Scanner(digitsPerPreToken: 3).endOfPreToken(in: text, from: start)
        case .qwen2: Llama3Scanner(digitsPerPreToken: 1).endOfPreToken(in: text, from: start)
        case .tekken: TekkenScanner.endOfPreToken(in: text, from: start)
        case .clip: CLIPScanner(findsSpecialTokens: false).endOfPreToken(in: text, from: start)
        case .clipWithSpecialTokens:
            CLIPScanner(findsSpecialTokens: true).endOfPreToken(in: text, from: start)
        case .chameleonSentinel:
            text.endOfPreToken(from: start, match: ChameleonScanners.endOfSentinel)
        case .chameleonImageCode:
            text.endOfPreToken(from: start, match: ChameleonScanners.endOfImageCode)
        case .chameleonSpaces:
            text.endOfPreToken(from: start, match: ChameleonScanners.endOfSpaces)
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
    /// The end of the match at `start`; without one, the start of the next match or the end of the
    /// text.
    func endOfPreToken(from start: Int, match: (UTF8Text, Int) -> Int?) -> Int {
        if let end = match(self, start) { return end }
        var place = start + 1
        while place < end, match(self, place) == nil { place += 1 }
        return place
    }
}
