/// How an answer is generated.
///
/// Settings out of range cannot exist.
public struct GenerationOptions: Sendable, Equatable {
    /// How text tokens, and what follows a text, are chosen.
    public let text: Sampling
    /// How the codes of pictures are chosen.
    public let pictures: Sampling
    /// α of classifier-free guidance for pictures: 1 is none, more follows the text more closely.
    public let guidance: Double
    /// How many pictures the answer may and must have.
    public let pictureCount: PictureCount
    /// The most text tokens of the answer; with 0 it is made of pictures alone.
    public let maximumTextTokens: Int
    /// The most tokens of prompt and answer together; `nil` takes the model's own limit.
    public let contextLimit: Int?
    /// Where the random numbers start: the same seed gives the same answer.
    public let seed: UInt64

    /// The guidance where nothing is said.
    public static let usualGuidance = 2.0
    /// The most text tokens where nothing is said.
    public static let usualTextTokenLimit = 200

    /// Checks and sets all settings.
    ///
    /// - Throws: ``OptionError``, which names the flag, the value and what is allowed.
    public init(
        text: Sampling = .usualForText,
        pictures: Sampling = .usualForPictures,
        guidance: Double = usualGuidance,
        pictureCount: PictureCount,
        maximumTextTokens: Int = usualTextTokenLimit,
        contextLimit: Int? = nil,
        seed: UInt64
    ) throws(OptionError) {
        try text.check(temperature: "--temperature", topP: "--top-p")
        try pictures.check(temperature: "--image-temperature", topP: "--image-top-p")
        guard (0...100).contains(guidance) else {
            throw OptionError(
                flag: "--guidance",
                value: "\(guidance)",
                allowed: "a number from 0 to 100; 1 is no guidance"
            )
        }
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
        self.pictures = pictures
        self.guidance = guidance
        self.pictureCount = pictureCount
        self.maximumTextTokens = maximumTextTokens
        self.contextLimit = contextLimit
        self.seed = seed
    }
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
