package import Generating

/// How models are measured.
package struct ReportOptions: Sendable {
    /// The most held-out concepts to measure; `nil` takes all.
    let limit: Int?
    /// How many documents of each corpus forgetting is measured on, beside the held-out concepts.
    let sampleSize: Int
    /// How many images are drawn at once.
    let batchSize: Int
    let sampling: Sampling
    let contrast: Contrast
    /// Concept number i is drawn with the seed plus i.
    let seed: UInt64

    /// - Throws: `OptionError` for a sampling or contrast out of range.
    package init(
        limit: Int? = nil,
        sampleSize: Int = 256,
        batchSize: Int = 32,
        sampling: Sampling = .usualForImages,
        contrast: Contrast = .usual,
        seed: UInt64 = 0
    ) throws(OptionError) {
        precondition(limit ?? 1 > 0 && sampleSize > 0 && batchSize > 0, "nothing to measure")
        self.limit = limit
        self.sampleSize = sampleSize
        self.batchSize = batchSize
        self.sampling = sampling
        self.contrast = contrast
        self.seed = seed
        _ = try generation(from: 0)
    }

    /// How the batch that begins with concept number `first` is drawn.
    func generation(from first: Int) throws(OptionError) -> GenerationOptions {
        try DictionaryModel.options([contrast], sampling, seed: seed &+ UInt64(first))
    }
}
