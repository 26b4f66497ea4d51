import Documents
import Evaluating
import Training
import Vision

/// Measures models of one report.
struct ModelTrial {
    let data: DictionaryData
    let questions: ReportQuestions
    let options: ReportOptions

    /// Measures everything; `onDrawing` takes the number of images drawn so far.
    func run(
        _ model: DictionaryModel,
        _ kind: ReportPlan.Kind,
        onDrawing: (Int) -> Void
    ) throws -> ModelFigures {
        let start = ContinuousClock.now
        let evaluator = try model.evaluator()
        let draws = kind != .textParent
        let isTuned = kind == .tuned
        let prose = try evaluator.perplexity(of: questions.definitions(asked: false))
        let concepts = questions.concepts
        let defined = questions.definitions.map(\.concept)
        var drawnCount = 0
        func drawings(_ concepts: [Concept], _ prompts: [Document]) throws
            -> [ModelFigures.Drawing]
        {
            let drawings = try self.drawings(of: concepts, by: model, prompts) {
                onDrawing(drawnCount + $0)
            }
            drawnCount += drawings.count
            return drawings
        }
        return ModelFigures(
            drawings: draws
                ? try drawings(concepts, concepts.map { ReportQuestions.drawing(of: $0, by: kind) })
                : nil,
            illustrations: isTuned
                ? try drawings(defined, defined.map(ReportQuestions.explanation)) : nil,
            heldOutDrawings: isTuned
                ? try drawings(concepts, questions.drawingsInHeldOutWordings) : nil,
            heldOutIllustrations: isTuned
                ? try drawings(defined, questions.explanationsInHeldOutWordings) : nil,
            secondTurns: isTuned ? try drawings(concepts, questions.secondTurns) : nil,
            definitions: isTuned
                ? try evaluator.perplexity(of: questions.definitions(asked: true)) : prose,
            definitionsAsProse: prose,
            prose: try evaluator.losses(of: questions.prose).perplexity(of: .text),
            codes: draws
                ? try evaluator.losses(of: questions.captioned).perplexity(of: .image) : nil,
            seconds: start.duration(to: .now) / .seconds(1)
        )
    }

    /// Draws an image per concept, by the prompt at its place.
    private func drawings(
        of concepts: [Concept],
        by model: DictionaryModel,
        _ prompts: [Document],
        onDrawing: (Int) -> Void
    ) throws -> [ModelFigures.Drawing] {
        var drawings: [ModelFigures.Drawing] = []
        while drawings.count < concepts.count {
            let first = drawings.count
            let images = try model.draw(
                Array(prompts.dropFirst(first).prefix(options.batchSize)),
                options.answers(from: first)
            )
            drawings += zip(concepts[first...], images).map { concept, image in
                ModelFigures.Drawing(
                    concept: concept,
                    image: image,
                    rank: data.index.rank(of: concept.id, in: image),
                    nearest: data.index.nearest(to: image)
                )
            }
            onDrawing(drawings.count)
        }
        return drawings
    }

    /// The accuracy of the reference images after encoding and decoding, an upper bound for models
    /// with this image tokenizer.
    func ceiling(of imageTokenizer: any ImageTokenizer) throws -> RetrievalAccuracy {
        let decoded = try imageTokenizer.decode(imageTokenizer.encode(questions.images))
        return RetrievalAccuracy(
            ranks: zip(questions.concepts, decoded).map { data.index.rank(of: $0.id, in: $1) }
        )
    }
}
