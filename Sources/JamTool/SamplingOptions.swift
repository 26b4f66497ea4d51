import ArgumentParser
import Jam

/// The seed of an answer.
struct SeedOptions: ParsableArguments {
    @Option(help: "The seed; the same seed gives the same answer.")
    var seed: UInt64?
}

/// How an answer is sampled.
struct SamplingOptions: ParsableArguments {
    private static let usual = AnswerOptions(seed: 0)

    @Option(help: "Temperature of the text; 0 takes the most probable token.")
    var temperature = usual.text.temperature

    @Option(
        help:
            "Nucleus sampling of the text: only the most probable tokens of this total probability."
    )
    var topP = usual.text.topP

    @Option(help: "Temperature of the images; 0 takes the most probable code.")
    var imageTemperature = usual.images.temperature

    @Option(help: "Nucleus sampling of the images.")
    var imageTopP = usual.images.topP

    @OptionGroup var guidance: GuidanceOptions

    @Option(help: "How many images the answer may have: MIN..MAX, or one number.")
    var images = usual.imageCount.text

    @Option(help: "The size of images in pixels, WIDTHxHEIGHT, for a model of several sizes.")
    var imageSize: String?

    @Option(help: "The maximum number of text tokens of the answer.")
    var maxTokens = usual.maximumTextTokens

    /// Whether an option is set that only answers with text have.
    var changesText: Bool {
        temperature != Self.usual.text.temperature || topP != Self.usual.text.topP
            || images != Self.usual.imageCount.text || imageSize != nil
            || maxTokens != Self.usual.maximumTextTokens
    }

    /// The checked settings, with a random seed unless there is one.
    func options(seed: UInt64? = nil) throws -> AnswerOptions {
        var options = AnswerOptions(seed: seed ?? .random(in: 0...UInt64(UInt32.max)))
        options.text = Sampling(temperature: temperature, topP: topP)
        options.images = Sampling(temperature: imageTemperature, topP: imageTopP)
        (options.guidance, options.alternateGuidance) = try guidance.guidances()
        options.guidancePlausibility = guidance.guidancePlausibility
        options.imageCount = try ClosedRange(parsing: images)
        if let imageSize {
            guard let size = ImageSize(imageSize) else {
                throw SettingError(
                    .imageSize,
                    imageSize,
                    "WIDTHxHEIGHT in pixels, such as 512x384"
                )
            }
            options.imageSize = size
        }
        options.maximumTextTokens = maxTokens
        try options.check()
        return options
    }
}

extension ClosedRange<Int> {
    /// Reads `MIN..MAX`, or one number that is both.
    fileprivate init(parsing text: String) throws {
        let parts = text.split(separator: "..", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first.flatMap({ Int($0) }),
            let last = parts.last.flatMap({ Int($0) }), first <= last
        else {
            throw SettingError(
                .imageCount,
                text,
                "MIN..MAX with 0 <= MIN <= MAX <= \(AnswerOptions.imageLimit), or one number"
            )
        }
        self = first...last
    }

    /// The range as ``init(parsing:)`` reads it.
    fileprivate var text: String { "\(lowerBound)..\(upperBound)" }
}

/// How images are made to follow the prompt.
struct GuidanceOptions: ParsableArguments {
    @Option(
        help: """
            Classifier-free guidance of the images; 1 is none. (default: \(Guidance.usualScale))
            """
    )
    var guidance: Double?

    @Option(help: "Guidance by the prompt's images as well, for editing them.")
    var imageGuidance: Double?

    @Option(
        help: """
            Guided images keep to codes with at least this share of the highest probability; 0 for \
            guidance as CM3Leon states it.
            """
    )
    var guidancePlausibility = AnswerOptions(seed: 0).guidancePlausibility

    @Option(help: "Contrastive decoding (CD-K) of the images instead of guidance, as K,ALPHA.")
    var contrastive: String?

    @Flag(help: "Use guidance for every other answer, and --contrastive for the rest.")
    var mix = false

    func validate() throws {
        guard imageGuidance == nil || contrastive == nil else {
            throw ValidationError("--image-guidance and --contrastive exclude each other")
        }
        guard !mix || contrastive != nil else {
            throw ValidationError("--mix needs --contrastive")
        }
        guard guidance == nil || contrastive == nil || mix else {
            throw ValidationError("--guidance and --contrastive go together only with --mix")
        }
    }

    /// The guidance of an answer, and with ``mix`` that of every second one.
    func guidances() throws -> (Guidance, Guidance?) {
        let scale = guidance ?? Guidance.usualScale
        if let contrastive {
            let contrastive = try Guidance(parsingContrastive: contrastive)
            return mix ? (.classifierFree(scale), contrastive) : (contrastive, nil)
        }
        return (
            imageGuidance.map { .editing(text: scale, image: $0) } ?? .classifierFree(scale), nil
        )
    }
}

extension Guidance {
    /// Reads `K,ALPHA`.
    init(parsingContrastive text: String) throws {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let k = Int(parts[0]), let alpha = Double(parts[1]) else {
            throw SettingError(
                .contrastive,
                text,
                "K,ALPHA with an integer K from 1 and a number ALPHA above 0 and up to 1"
            )
        }
        self = .contrastive(k: k, alpha: alpha)
    }
}
