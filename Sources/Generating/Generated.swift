public import Documents
public import Vocabulary

/// An answer, and how it came about.
public struct Generated: Sendable, Equatable {
    /// How many tokens there were of each kind.
    public struct TokenCounts: Sendable, Equatable {
        /// All tokens of the prompt.
        public var prompt: Int
        /// The text tokens of the answer.
        public var text: Int
        /// The image codes of the answer.
        public var image: Int
    }

    /// The answer, without the prompt.
    public let document: Document
    /// The image codes of each of its images.
    public let codes: [[Int]]
    /// Its tokens, with the special tokens.
    public let tokens: [TokenID]
    /// How many of the documents that were found stood before the prompt, the nearest ones.
    public let documentCount: Int
    /// Why it ended.
    public let finishReason: FinishReason
    /// How many tokens there were of each kind.
    public let counts: TokenCounts
    /// The time from the call to the end of this answer.
    public let seconds: Double
    /// The seed that gives this answer again.
    public let seed: UInt64
}

/// News of an answer that is being generated.
public enum GenerationEvent: Sendable, Equatable {
    /// The text goes on with these characters.
    case text(String)
    /// An image has this many of all its codes; 0 when it begins.
    case codes(count: Int, of: Int)
    /// An image is complete.
    case image(Image, codes: [Int])
}
