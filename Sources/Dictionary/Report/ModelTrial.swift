internal import Documents
internal import Evaluating
internal import Generating
internal import Models
internal import Training
internal import Vision

/// The measuring of one model.
struct ModelTrial {
    let generator: MultimodalModel
    let kind: ReportPlan.Kind
    let data: DictionaryData
    let questions: ReportQuestions
    let options: ReportOptions

    /// Measures everything, and tells `onDrawing` how many images are drawn.
    func run(onDrawing: (Int) -> Void) throws -> ModelFigures {
        let start = ContinuousClock.now
        let evaluator = try Evaluator(generator)
        let draws = kind != .textParent
        let defined = questions.definitions.map(\.concept)
        let prose = try evaluator.perplexity(of: questions.definitions(asked: false))
        return ModelFigures(
            drawings: draws
                ? try drawings(of: questions.concepts, onDrawing) {
                    ReportQuestions.drawing(of: $0, by: kind)
                } : nil,
            illustrations: kind == .tuned
                ? try drawings(
                    of: defined,
                    { onDrawing(questions.concepts.count + $0) },
                    asking: ReportQuestions.explanation
                ) : nil,
            definitions: kind == .tuned
                ? try evaluator.perplexity(of: questions.definitions(asked: true)) : prose,
            definitionsAsProse: prose,
            prose: try evaluator.losses(of: questions.prose).perplexity(of: .text),
            codes: draws
                ? try evaluator.losses(of: questions.captioned).perplexity(of: .image) : nil,
            seconds: start.duration(to: .now) / .seconds(1)
        )
    }

    /// Draws each concept once and looks for it in the gallery.
    private func drawings(
        of concepts: [Concept],
        _ onDrawing: (Int) -> Void,
        asking question: (Concept) -> Document
    ) throws -> [ModelFigures.Drawing] {
        let names = Dictionary(uniqueKeysWithValues: data.concepts.map { ($0.id, $0.name) })
        var drawings: [ModelFigures.Drawing] = []
        for first in stride(from: 0, to: concepts.count, by: options.batchSize) {
            let asked = concepts[first..<min(first + options.batchSize, concepts.count)]
            let answers = try generator.generate(
                asked.map(question),
                options.drawing(from: first)
            )
            for (concept, answer) in zip(asked, answers) {
                // Only an answer that was cancelled lacks the image that the options ask for.
                guard let image = answer.document.images.first else {
                    throw CancellationError()
                }
                let nearest = data.index.nearest(to: image, count: 1).first
                drawings.append(
                    ModelFigures.Drawing(
                        concept: concept,
                        image: image,
                        rank: data.index.rank(of: concept.id, in: image),
                        nearest: nearest.flatMap { names[$0.concept] }
                    )
                )
            }
            onDrawing(drawings.count)
        }
        return drawings
    }

    /// How often the images themselves are found again after being encoded and decoded: no model
    /// with this image tokenizer can be expected to draw better.
    func ceiling() throws -> RetrievalAccuracy? {
        guard let imageTokenizer = generator.tokenizer.image else { return nil }
        let images = questions.concepts.map { data.painter.image(of: Scene($0)) }
        let decoded = try imageTokenizer.decode(imageTokenizer.encode(images))
        return RetrievalAccuracy(
            ranks: zip(questions.concepts, decoded).map { data.index.rank(of: $0.id, in: $1) }
        )
    }
}
