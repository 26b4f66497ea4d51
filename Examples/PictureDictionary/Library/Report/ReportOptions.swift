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
    let guidance: Guidance
    /// Concept number i is drawn with the seed plus i.
    let seed: UInt64

    /// - Throws: `SettingError` for a sampling or guidance out of range.
    package init(
        limit: Int? = nil,
        sampleSize: Int = 256,
        batchSize: Int = 32,
        sampling: Sampling = AnswerOptions(seed: 0).images,
        guidance: Guidance = .usual,
        seed: UInt64 = 0
    ) throws(SettingError) {
        precondition(limit ?? 1 > 0 && sampleSize > 0 && batchSize > 0, "nothing to measure")
        self.limit = limit
        self.sampleSize = sampleSize
        self.batchSize = batchSize
        self.sampling = sampling
        self.guidance = guidance
        self.seed = seed
        try answers(from: 0).check()
    }

    /// How the batch that begins with concept number `first` is drawn.
    func answers(from first: Int) -> AnswerOptions {
        var options = AnswerOptions.oneImage([guidance], seed: seed &+ UInt64(first))
        options.images = sampling
        return options
    }
}
