/// How an answer is generated.
///
/// The defaults suit models that were tuned on interleaved conversations. Settings are checked when
/// an answer begins.
public struct AnswerOptions: Sendable, Equatable {
    /// How text tokens are chosen, and what follows a text.
    public var text: Sampling = .sampled(temperature: 0.5, topP: 0.9)
    /// How the codes of images are chosen.
    public var images: Sampling = .sampled(temperature: 0.9, topP: 0.9)
    /// How closely images follow the prompt.
    public var guidance: Guidance = .usual
    /// What every second answer of a batch takes in place of ``guidance``, if anything (CM3Leon,
    /// section 2.4, mixes guidance and contrastive decoding so).
    public var alternateGuidance: Guidance?
    /// The least probability of a code that guidance may choose, as a share of the highest one.
    ///
    /// 0 is guidance as CM3Leon states it, which has no such bound. Contrastive decoding has its own.
    public var guidancePlausibility = 0.1
    /// How many images the answer must and may have, at most ``imageLimit``.
    public var imageCount: ClosedRange<Int> = 0...4
    /// The size of images in pixels; `nil` for the size that the model chooses, or its only one.
    public var imageSize: ImageSize?
    /// The most text tokens of the answer, up to a million, alternative texts of images not counted; 0
    /// for images alone.
    public var maximumTextTokens = 200
    /// Whether the oldest turns of a conversation are left out where it and a likely answer are longer
    /// than the context; otherwise a conversation that is too long is an error.
    public var forgetsOldTurns = false
    /// The most tokens of prompt and answer together; `nil` for the model's own context length.
    public var contextLimit: Int?
    /// Whether ``AnswerEvent/partialImage(_:)`` shows images while they are drawn; each row is decoded
    /// for it.
    public var sendsPartialImages = false
    /// The seed of the random numbers: the same seed gives the same answer on the same machine.
    public var seed: UInt64

    /// The most images that one answer can be asked for.
    public static let imageLimit = 1000

    /// The defaults, with a seed of your own or a random one.
    public init(seed: UInt64 = .random(in: 0...UInt64(UInt32.max))) {
        self.seed = seed
    }

    /// The guidances that the answers of a batch take in turn.
    package var guidances: [Guidance] { [guidance] + (alternateGuidance.map { [$0] } ?? []) }

    /// The guidance of the answer number `index` of a batch.
    func guidance(of index: Int) -> Guidance {
        guidances[index % guidances.count]
    }

    /// Refuses settings out of range.
    package func check() throws(SettingError) {
        try text.check(.temperature, .topP)
        try images.check(.imageTemperature, .imageTopP)
        try guidance.check()
        try alternateGuidance?.check()
        guard (0...1).contains(guidancePlausibility) else {
            throw SettingError(
                .guidancePlausibility,
                "\(guidancePlausibility)",
                "a number from 0, for no bound, to 1"
            )
        }
        guard imageCount.lowerBound >= 0, imageCount.upperBound <= Self.imageLimit else {
            throw SettingError(
                .imageCount,
                "\(imageCount.lowerBound)..\(imageCount.upperBound)",
                "MIN..MAX with 0 <= MIN <= MAX <= \(Self.imageLimit), or one number"
            )
        }
        guard (0...1_000_000).contains(maximumTextTokens) else {
            throw SettingError(
                .maximumTextTokens,
                "\(maximumTextTokens)",
                "an integer from 0 to 1000000"
            )
        }
        if let contextLimit, !(2...10_000_000).contains(contextLimit) {
            throw SettingError(.contextLimit, "\(contextLimit)", "an integer from 2 to 10000000")
        }
    }
}

/// The size of an image in pixels.
public struct ImageSize: Sendable, Hashable {
    /// The number of columns of pixels.
    public var width: Int
    /// The number of rows of pixels.
    public var height: Int

    /// Sets both.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

extension ImageSize: LosslessStringConvertible {
    /// Reads `WIDTHxHEIGHT`, two integers from 1; `nil` for any other text.
    public init?(_ text: String) {
        let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 2, let width = sides[0], let height = sides[1], width > 0, height > 0
        else { return nil }
        self.init(width: width, height: height)
    }

    /// `WIDTHxHEIGHT`.
    public var description: String { "\(width)x\(height)" }
}

extension Sampling {
    fileprivate func check(
        _ temperatureSetting: SettingError.Setting,
        _ topPSetting: SettingError.Setting
    ) throws(SettingError) {
        guard case .sampled(let temperature, let topP) = self else { return }
        guard (0.01...100).contains(temperature) else {
            throw SettingError(
                temperatureSetting,
                "\(temperature)",
                "0, or a number from 0.01 to 100"
            )
        }
        guard topP > 0, topP <= 1 else {
            throw SettingError(topPSetting, "\(topP)", "a number above 0 and up to 1")
        }
    }
}
