import Foundation

/// What is done to a text before it is cut into pieces.
enum Normalizer: Sendable, Equatable {
    /// Nothing.
    case none
    /// Unicode normalization form C: composed characters.
    case composed

    /// The text as the tokenizer sees it.
    func normalized(_ text: String) -> String {
        switch self {
        case .none: text
        case .composed: Self.isComposed(text) ? text : Self.composed(text)
        }
    }

    /// The text in form C, around two faults of Foundation: it does not add a final consonant to a
    /// Hangul syllable that is composed already, so that the text is decomposed first; and it loses
    /// U+11A7 after a syllable, which composes with nothing and so may stand between two texts.
    private static func composed(_ text: String) -> String {
        text.unicodeScalars.split(separator: "\u{11A7}", omittingEmptySubsequences: false)
            .map { part in
                String(String.UnicodeScalarView(part))
                    .decomposedStringWithCanonicalMapping.precomposedStringWithCanonicalMapping
            }
            .joined(separator: "\u{11A7}")
    }

    /// Whether every character is below U+0300, where the combining marks begin: most texts.
    private static func isComposed(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 < 0xCC }
    }
}
