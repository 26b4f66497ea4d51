public import Documents
package import Vocabulary

/// A finished answer, and how it came about.
public struct Answer: Sendable, Equatable {
    /// The number of tokens of each kind.
    public struct TokenCounts: Sendable, Equatable {
        /// All tokens of the prompt.
        public var prompt: Int
        /// Those of them that had been read for an earlier answer, and were not read again.
        public var cachedPrompt: Int
        /// The text tokens of the answer, without alternative texts.
        public var text: Int
        /// The image codes of the answer.
        public var image: Int
    }

    /// Why an answer ended.
    public enum FinishReason: String, Sendable, Equatable {
        /// The model ended it, or all that was asked for is there.
        case end
        /// The limit of text tokens or the context is used up.
        case length
        /// The caller cancelled it.
        case cancelled
    }

    /// Texts and images in order, without the prompt.
    public let document: Document
    /// The image codes of each of its images, row by row.
    public let codes: [[Int]]
    /// The number of columns of the codes of each of its images.
    public let codeColumns: [Int]
    /// Its tokens, special tokens included.
    package let tokens: [TokenID]
    /// How many retrieved documents fitted before the prompt, the nearest ones.
    public let retrievedCount: Int
    /// How many of the oldest turns were left out of the prompt.
    public let forgottenTurnCount: Int
    /// Why it ended.
    public let finishReason: FinishReason
    /// The number of tokens of each kind.
    public let counts: TokenCounts
    /// The seconds from the call to the end of this answer.
    public let seconds: Double
    /// The seed that gives this answer again.
    public let seed: UInt64
}

/// What happens while an answer is generated.
public enum AnswerEvent: Sendable, Equatable {
    /// The text goes on with these characters.
    case text(String)
    /// The image that comes next shows this, in words (`Segment.altText`).
    case altText(String)
    /// The image that is being drawn has `count` of its `total` codes; 0 when its size is known.
    case imageProgress(count: Int, total: Int)
    /// The image that is being drawn as far as it has whole rows of codes, the rest white, or as it was
    /// where a region is drawn again; only with
    /// ``AnswerOptions/sendsPartialImages``.
    case partialImage(Image)
    /// An image is complete.
    case image(Image)
    /// The answer is complete.
    case finished(Answer)
}
