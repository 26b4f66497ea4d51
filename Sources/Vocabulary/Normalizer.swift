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
        case .composed: Self.isComposed(text) ? text : text.precomposedStringWithCanonicalMapping
        }
    }

    /// Whether every character is below U+0300, where the combining marks begin: most texts.
    private static func isComposed(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 < 0xCC }
    }
}
