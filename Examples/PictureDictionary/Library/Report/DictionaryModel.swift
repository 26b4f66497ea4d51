import Documents
import Evaluating
import Generating
import Vision

/// A model of the dictionary, as both reports use it.
struct DictionaryModel {
    private let generator: Generator

    init(folder: String) throws { generator = try Generator(folder: folder) }

    var imageTokenizer: (any ImageTokenizer)? { generator.imageTokenizer }

    func evaluator() throws -> Evaluator { try Evaluator(generator) }

    /// Throws if the model cannot inpaint.
    func checkInpaints() throws { try generator.checkInpaints() }

    /// The options of answers of one image, without words.
    static func options(
        _ contrasts: [Contrast],
        _ sampling: Sampling = .usualForImages,
        seed: UInt64
    ) throws(OptionError) -> GenerationOptions {
        try GenerationOptions(
            images: sampling,
            contrasts: contrasts,
            imageCount: .one,
            maximumTextTokens: 0,
            seed: seed
        )
    }

    /// Draws one image per prompt, each after its retrieved documents.
    func draw(
        _ prompts: [Document],
        after retrieved: [[Document]] = [],
        _ options: GenerationOptions
    ) throws -> [Image] {
        try generate(prompts, after: retrieved, options).flatMap(\.document.images)
    }

    /// Draws one image per prompt, all of one caption, and returns the one that CLIP ranks highest.
    func drawBest(
        of prompts: [Document],
        after retrieved: [[Document]],
        _ options: GenerationOptions,
        by embedder: CLIPEmbedder,
        for caption: String
    ) throws -> [Image] {
        let answers = try generate(prompts, after: retrieved, options)
        return try embedder.best(of: answers, for: caption).document.images
    }

    func inpaint(_ inpaintings: [Inpainting], _ options: GenerationOptions) throws -> [Image] {
        try generator.inpaint(batch: inpaintings, options).flatMap(\.document.images)
    }

    private func generate(
        _ prompts: [Document],
        after retrieved: [[Document]],
        _ options: GenerationOptions
    ) throws -> [Generated] {
        let answers = try generator.generate(batch: prompts, behind: retrieved, options)
        // Only a canceled answer lacks its image.
        guard answers.allSatisfy({ $0.document.images.count == 1 }) else {
            throw CancellationError()
        }
        return answers
    }
}
