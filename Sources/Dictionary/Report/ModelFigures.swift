package import Documents
package import Evaluating

/// What a report has measured of one model.
package struct ModelFigures: Sendable, Equatable {
    /// An image that was asked for and drawn.
    package struct Drawing: Sendable, Equatable {
        /// What was asked for.
        package let concept: Concept
        /// What was drawn.
        package let image: Image
        /// The place of the right concept among all whose images are like the drawn one, from 1;
        /// `nil` if it is of one colour.
        package let rank: Int?
        /// The name of the concept whose image is most like the drawn one.
        package let nearest: String?
    }

    /// The drawn images; `nil` for a model that cannot draw.
    package let drawings: [Drawing]?
    /// The images at the beginning of explanations; `nil` for a model that does not explain.
    package let illustrations: [Drawing]?
    /// How well held-out definitions are predicted, in the form that the model knows.
    package let definitions: Perplexity
    /// The same as sentences of their own, whatever the model knows.
    package let definitionsAsProse: Perplexity
    /// The text parent's own task: text tokens of what it has read.
    package let prose: Perplexity
    /// The image parent's own task: codes of images after their captions; `nil` for a model that
    /// cannot draw.
    package let codes: Perplexity?
    /// How long it took.
    package let seconds: Double

    /// How often the right image was drawn; `nil` for a model that cannot draw.
    package var accuracy: RetrievalAccuracy? {
        drawings.map { RetrievalAccuracy(ranks: $0.map(\.rank)) }
    }

    /// How often the right image was drawn at the beginning of an explanation.
    package var illustrationAccuracy: RetrievalAccuracy? {
        illustrations.map { RetrievalAccuracy(ranks: $0.map(\.rank)) }
    }
}
