package import Documents
package import Evaluating

/// What a report measures of one model.
package struct ModelFigures: Sendable {
    package struct Drawing: Sendable {
        /// The requested concept.
        package let concept: Concept
        /// The drawn image.
        package let image: Image
        /// The rank of the requested concept, from 1; `nil` for an image of one color.
        package let rank: Int?
        /// The name of the concept that the image resembles most.
        let nearest: String?
    }

    /// `nil` for a model that does not draw.
    package let drawings: [Drawing]?
    /// The images at the beginning of explanations; `nil` for a model that does not explain.
    package let illustrations: [Drawing]?
    /// Asked for in held-out wordings, as ``drawings`` and ``illustrations`` are in usual ones; `nil`
    /// for a model that is not tuned.
    package let heldOutDrawings: [Drawing]?
    package let heldOutIllustrations: [Drawing]?
    /// Asked for as ``drawings``, after a question about another thing; `nil` for a model that is not
    /// tuned.
    package let secondTurns: [Drawing]?
    /// Of held-out definitions, as answers for a tuned model and as prose for the others.
    package let definitions: Perplexity
    /// Of held-out definitions as prose.
    package let definitionsAsProse: Perplexity
    /// Of the text parent's training data.
    package let prose: Perplexity
    /// Of image codes in the image parent's training data; `nil` for a model that does not draw.
    let codes: Perplexity?
    let seconds: Double

    var accuracy: RetrievalAccuracy? { drawings.map(Self.accuracy) }
    var illustrationAccuracy: RetrievalAccuracy? { illustrations.map(Self.accuracy) }

    var heldOutAccuracy: RetrievalAccuracy? { heldOutDrawings.map(Self.accuracy) }
    var heldOutIllustrationAccuracy: RetrievalAccuracy? {
        heldOutIllustrations.map(Self.accuracy)
    }
    var secondTurnAccuracy: RetrievalAccuracy? { secondTurns.map(Self.accuracy) }

    private static func accuracy(of drawings: [Drawing]) -> RetrievalAccuracy {
        RetrievalAccuracy(ranks: drawings.map(\.rank))
    }
}
