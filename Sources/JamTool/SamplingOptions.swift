import ArgumentParser
import Generating

/// How an answer is sampled.
struct SamplingOptions: ParsableArguments {
    @Option(help: "Temperature of the text; 0 takes the most probable token.")
    var temperature = Sampling.usualForText.temperature

    @Option(
        help: "Nucleus of the text: sample among the most probable tokens of this much probability."
    )
    var topP = Sampling.usualForText.topP

    @Option(help: "Temperature of the images; 0 takes the most probable code.")
    var imageTemperature = Sampling.usualForImages.temperature

    @Option(help: "Nucleus of the images.")
    var imageTopP = Sampling.usualForImages.topP

    @OptionGroup var contrast: ContrastOptions

    @Option(help: "How many images the answer may have: MIN..MAX, or a number.")
    var images = usualImages

    @Option(help: "The most text tokens of the answer.")
    var maxTokens = GenerationOptions.usualTextTokenLimit

    @Option(help: "The seed: the same seed gives the same answer.")
    var seed: UInt64?

    /// Whether it says anything that is for answers with texts.
    var changesText: Bool {
        temperature != Sampling.usualForText.temperature || topP != Sampling.usualForText.topP
            || images != Self.usualImages || maxTokens != GenerationOptions.usualTextTokenLimit
    }

    private static let usualImages = "0..4"

    /// The checked settings, with a seed of the caller's, of the user's, or a random one.
    func options(seed chosen: UInt64? = nil) throws -> GenerationOptions {
        try GenerationOptions(
            text: Sampling(temperature: temperature, topP: topP),
            images: Sampling(temperature: imageTemperature, topP: imageTopP),
            contrasts: contrast.contrasts(),
            imageCount: ImageCount(parsing: images),
            maximumTextTokens: maxTokens,
            seed: chosen ?? seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        )
    }
}

/// What images are compared with while they are drawn.
struct ContrastOptions: ParsableArguments {
    @Option(
        help: """
            Classifier-free guidance of the images, where 1 is none; \(Contrast.usualGuidance) if \
            nothing is said.
            """
    )
    var guidance: Double?

    @Option(help: "Guidance by the prompt's images too, for editing them.")
    var imageGuidance: Double?

    @Option(help: "Contrastive decoding of the images in place of guidance, as K,ALPHA.")
    var contrastive: String?

    @Flag(help: "Draw every second answer with guidance, and only the others by --contrastive.")
    var mix = false

    func validate() throws {
        guard imageGuidance == nil || contrastive == nil else {
            throw ValidationError("--image-guidance and --contrastive exclude each other")
        }
        guard !mix || contrastive != nil else {
            throw ValidationError("--mix goes with --contrastive")
        }
        guard guidance == nil || contrastive == nil || mix else {
            throw ValidationError("--guidance goes with --contrastive only under --mix")
        }
    }

    /// The contrasts that the answers of a batch take in turn.
    func contrasts() throws -> [Contrast] {
        let guidance = guidance ?? Contrast.usualGuidance
        if let contrastive {
            let contrastive = try Contrast(parsingContrastive: contrastive)
            return mix ? [.guidance(guidance), contrastive] : [contrastive]
        }
        return [imageGuidance.map { .editing(text: guidance, image: $0) } ?? .guidance(guidance)]
    }
}
