/// How the vocabularies of two parents become one.
package enum VocabularyRule: String, Sendable, CaseIterable {
    /// Both number their tokens alike; others are refused.
    case same
    /// The text parent's tokens, and after them what only the image parent has (`TokenUnion`).
    case union
}
