package import Generating

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
    package let drawing: GenerationOptions

    /// Checks and sets the options.
    ///
    /// - Throws: `OptionError`, which names the flag, the value and what is allowed.
    package init(
        limit: Int? = nil,
        sampleSize: Int = 256,
        batchSize: Int = 32,
        sampling: Sampling = .usualForImages,
        contrasts: [Contrast] = [.usual],
        seed: UInt64 = 0
    ) throws(OptionError) {
        precondition(sampleSize > 0 && batchSize > 0, "nothing to measure on")
        if let limit, limit < 1 {
            throw OptionError(flag: "--limit", value: "\(limit)", allowed: "an integer from 1")
        }
        self.limit = limit
        self.sampleSize = sampleSize
        self.batchSize = batchSize
        drawing = try GenerationOptions(
            images: sampling,
            contrasts: contrasts,
            imageCount: ImageCount(1, 1),
            maximumTextTokens: 0,
            seed: seed
        )
    }

    /// How the batch that begins with concept number `first` is drawn.
    func drawing(from first: Int) throws(OptionError) -> GenerationOptions {
        try GenerationOptions(
            images: drawing.images,
            contrasts: drawing.contrasts,
            imageCount: drawing.imageCount,
            maximumTextTokens: 0,
            seed: drawing.seed &+ UInt64(first)
        )
    }
}
