import Documents
import Evaluating
import Generating
import Models
import Vision

/// A model of the dictionary, as both reports use it.
struct DictionaryModel {
    private let model: MultimodalModel

    init(folder: String) throws { model = try MultimodalModel(contentsOf: folder) }

    var imageTokenizer: (any ImageTokenizer)? { model.tokenizer.image }

    func evaluator() throws -> Evaluator { try Evaluator(model) }

    /// Throws if the model cannot inpaint.
    func checkInpaints() throws { _ = try model.checkInpaints() }

    /// Draws one image per prompt, each after its retrieved documents.
    func draw(
        _ prompts: [Document],
        after retrieved: [[Document]] = [],
        _ options: AnswerOptions
    ) throws -> [Image] {
        try answers(prompts, after: retrieved, options).flatMap(\.document.images)
    }

    /// Draws one image per prompt, all of one caption, and returns the one that CLIP ranks highest.
    func drawBest(
        of prompts: [Document],
        after retrieved: [[Document]],
        _ options: AnswerOptions,
        by embedder: CLIPEmbedder,
        for caption: String
    ) throws -> [Image] {
        let answers = try answers(prompts, after: retrieved, options)
        return try embedder.best(of: answers, for: caption).document.images
    }

    func inpaint(_ inpaintings: [Inpainting], _ options: AnswerOptions) throws -> [Image] {
        try model.inpaint(inpaintings, options).flatMap(\.document.images)
    }

    private func answers(
        _ prompts: [Document],
        after retrieved: [[Document]],
        _ options: AnswerOptions
    ) throws -> [Answer] {
        let answers = try model.generate(prompts, retrieved: retrieved, options)
        // Only a canceled answer lacks its image.
        guard answers.allSatisfy({ $0.document.images.count == 1 }) else {
            throw CancellationError()
        }
        return answers
    }
}

extension AnswerOptions {
    /// Answers of one image, without words; several guidances alternate.
    static func oneImage(_ guidances: [Guidance], seed: UInt64) -> AnswerOptions {
        var options = AnswerOptions(seed: seed)
        options.guidance = guidances[0]
        options.alternateGuidance = guidances.dropFirst().first
        options.imageCount = 1...1
        options.maximumTextTokens = 0
        return options
    }
}
