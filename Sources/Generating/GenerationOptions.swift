/// How an answer is generated.
///
/// Settings out of range cannot exist.
package struct GenerationOptions: Sendable, Equatable {
    /// How text tokens, and what follows a text, are chosen.
    package let text: Sampling
    /// How the codes of images are chosen.
    package let images: Sampling
    /// What the codes of images are compared with: the answer number i of a batch takes number i,
    /// and after the last the first again.
    package let contrasts: [Contrast]
    /// How many images the answer may and must have.
    package let imageCount: ImageCount
    /// The most text tokens of the answer; with 0 it is made of images alone.
    package let maximumTextTokens: Int
    /// The most tokens of prompt and answer together; `nil` takes the model's own limit.
    package let contextLimit: Int?
    /// Where the random numbers start: the same seed gives the same answer.
    package let seed: UInt64

    /// The most text tokens where nothing is said.
    package static let usualTextTokenLimit = 200

    /// Checks and sets all settings.
    ///
    /// - Throws: ``OptionError``, which names the flag, the value and what is allowed.
    package init(
        text: Sampling = .usualForText,
        images: Sampling = .usualForImages,
        contrasts: [Contrast] = [.usual],
        imageCount: ImageCount,
        maximumTextTokens: Int = usualTextTokenLimit,
        contextLimit: Int? = nil,
        seed: UInt64
    ) throws(OptionError) {
        try text.check(temperature: "--temperature", topP: "--top-p")
        try images.check(temperature: "--image-temperature", topP: "--image-top-p")
        precondition(!contrasts.isEmpty, "no contrast is guidance of 1")
        for contrast in contrasts { try contrast.check() }
        guard (0...1_000_000).contains(maximumTextTokens) else {
            throw OptionError(
                flag: "--max-tokens",
                value: "\(maximumTextTokens)",
                allowed: "an integer from 0 to 1000000"
            )
        }
        if let contextLimit, !(2...10_000_000).contains(contextLimit) {
            throw OptionError(
                flag: "--context",
                value: "\(contextLimit)",
                allowed: "an integer from 2 to 10000000"
            )
        }
        self.text = text
        self.images = images
        self.contrasts = contrasts
        self.imageCount = imageCount
        self.maximumTextTokens = maximumTextTokens
        self.contextLimit = contextLimit
        self.seed = seed
    }

    /// The contrast of the answer number `index` of a batch.
    func contrast(of index: Int) -> Contrast { contrasts[index % contrasts.count] }
}

extension Sampling {
    fileprivate func check(temperature flag: String, topP topPFlag: String) throws(OptionError) {
        guard case .sampled(let temperature, let topP) = self else { return }
        guard (0.01...100).contains(temperature) else {
            throw OptionError(
                flag: flag,
                value: "\(temperature)",
                allowed: "a number from 0.01 to 100"
            )
        }
        guard topP > 0, topP <= 1 else {
            throw OptionError(
                flag: topPFlag,
                value: "\(topP)",
                allowed: "a number above 0 and up to 1"
            )
        }
    }
}
