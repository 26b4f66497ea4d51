/// A regular expression that splits a text into pre-tokens.
package struct SplitPattern: Sendable, Hashable {
    /// The expression in `tokenizer.json`.
    let regex: String
    private let method: Method

    /// How the expression is matched: the two most frequent families have scanners of their own,
    /// which are several times faster.
    private enum Method: Sendable, Hashable {
        case gpt2
        case llama3(digits: Int)
        case program(RegexProgram)
    }

    private init(_ regex: String, _ method: Method) {
        self.regex = regex
        self.method = method
    }

    /// Contractions; runs of letters, digits or symbols, each with one space before it.
    package static let gpt2 = SplitPattern(
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#,
        .gpt2
    )
    /// As ``qwen2``, but with up to three digits together.
    package static let llama3 = familyOfLlama3(digits: 3)
    /// Runs of letters with one symbol before them, single digits, symbols with following newlines.
    package static let qwen2 = familyOfLlama3(digits: 1)

    private static func familyOfLlama3(digits: Int) -> SplitPattern {
        SplitPattern(
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"#
                + (digits == 1 ? "" : "{1,\(digits)}")
                + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
            .llama3(digits: digits)
        )
    }

    /// Reads an expression.
    ///
    /// - Throws: `RegexError` if it is outside of what ``RegexParser`` describes.
    package init(_ regex: String) throws(RegexError) {
        if let known = [Self.gpt2, Self.llama3, Self.qwen2].first(where: { $0.regex == regex }) {
            self = known
        } else {
            self.init(regex, .program(try RegexProgram(regex)))
        }
    }

    /// The pattern that finds a string, which is not empty.
    init(literal: String) {
        self.init(literal, .program(RegexProgram(literal: literal)))
    }

    /// The matcher for one text.
    func matcher(of text: UTF8Text) -> Matcher { Matcher(self, text) }

    /// Finds the matches in one text, from its start to its end.
    struct Matcher {
        private let pattern: SplitPattern
        private let text: UTF8Text
        private var regex: RegexMatcher?

        fileprivate init(_ pattern: SplitPattern, _ text: UTF8Text) {
            self.pattern = pattern
            self.text = text
            if case .program(let program) = pattern.method { regex = RegexMatcher(program, text) }
        }

        /// The end of the match at `start`, which is before the end of the text.
        mutating func endOfMatch(at start: Int) -> Int? {
            switch pattern.method {
            case .gpt2: GPT2Scanner.endOfPreToken(in: text, from: start)
            case .llama3(let digits):
                Llama3Scanner(digitsPerPreToken: digits).endOfPreToken(in: text, from: start)
            case .program: regex?.endOfMatch(at: start)
            }
        }
    }
}
