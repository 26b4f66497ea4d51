public import Documents
public import Evaluating

/// What a report has measured of one model.
public struct ModelFigures: Sendable, Equatable {
    /// An image that was asked for and drawn.
    public struct Drawing: Sendable, Equatable {
        /// What was asked for.
        public let concept: Concept
        /// What was drawn.
        public let image: Image
        /// The place of the right concept among all whose images are like the drawn one, from 1;
        /// `nil` if it is of one colour.
        public let rank: Int?
        /// The name of the concept whose image is most like the drawn one.
        public let nearest: String?
    }

    /// The drawn images; `nil` for a model that cannot draw.
    public let drawings: [Drawing]?
    /// The images at the beginning of explanations; `nil` for a model that does not explain.
    public let illustrations: [Drawing]?
    /// How well held-out definitions are predicted, in the form that the model knows.
    public let definitions: Perplexity
    /// The same as sentences of their own, whatever the model knows.
    public let definitionsAsProse: Perplexity
    /// The text parent's own task: text tokens of what it has read.
    public let prose: Perplexity
    /// The image parent's own task: codes of images after their captions; `nil` for a model that
    /// cannot draw.
    public let codes: Perplexity?
    /// How long it took.
    public let seconds: Double

    /// How often the right image was drawn; `nil` for a model that cannot draw.
    public var accuracy: RetrievalAccuracy? {
        drawings.map { RetrievalAccuracy(ranks: $0.map(\.rank)) }
    }

    /// How often the right image was drawn at the beginning of an explanation.
    public var illustrationAccuracy: RetrievalAccuracy? {
        illustrations.map { RetrievalAccuracy(ranks: $0.map(\.rank)) }
    }
}
