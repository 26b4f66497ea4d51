package import Generating
package import Models

/// How models are measured.
package struct ReportOptions: Sendable, Equatable {
    /// The most held-out concepts that are asked about; `nil` takes all of them.
    package let limit: Int?
    /// How many documents of each corpus forgetting is measured on, beside the held-out concepts.
    package let sampleSize: Int
    /// How many images are drawn side by side.
    package let batchSize: Int
    /// How images are drawn: exactly one for each concept, without words.
    ///
    /// Concept number i has the seed plus i.
    package let drawing: AnswerOptions

    /// Sets the options.
    package init(
        limit: Int? = nil,
        sampleSize: Int = 256,
        batchSize: Int = 32,
        drawing: AnswerOptions = AnswerOptions(seed: 0)
    ) {
        precondition(sampleSize > 0 && batchSize > 0, "nothing to measure on")
        self.limit = limit
        self.sampleSize = sampleSize
        self.batchSize = batchSize
        var drawing = drawing
        drawing.imageCount = 1...1
        drawing.maximumTextTokens = 0
        self.drawing = drawing
    }

    /// How the batch that begins with concept number `first` is drawn.
    func drawing(from first: Int) -> AnswerOptions {
        var options = drawing
        options.seed &+= UInt64(first)
        return options
    }
}
