package import Documents
package import Vocabulary

/// An answer, and how it came about.
package struct Generated: Sendable, Equatable {
    /// How many tokens there were of each kind.
    package struct TokenCounts: Sendable, Equatable {
        /// All tokens of the prompt.
        package var prompt: Int
        /// The text tokens of the answer.
        package var text: Int
        /// The image codes of the answer.
        package var image: Int
    }

    /// The answer, without the prompt.
    package let document: Document
    /// The image codes of each of its images.
    package let codes: [[Int]]
    /// Its tokens, with the special tokens.
    package let tokens: [TokenID]
    /// How many of the documents that were found stood before the prompt, the nearest ones.
    package let documentCount: Int
    /// Why it ended.
    package let finishReason: FinishReason
    /// How many tokens there were of each kind.
    package let counts: TokenCounts
    /// The time from the call to the end of this answer.
    package let seconds: Double
    /// The seed that gives this answer again.
    package let seed: UInt64
}

/// News of an answer that is being generated.
package enum GenerationEvent: Sendable, Equatable {
    /// The text goes on with these characters.
    case text(String)
    /// An image has this many of all its codes; 0 when it begins.
    case codes(count: Int, of: Int)
    /// An image is complete.
    case image(Image, codes: [Int])
}
