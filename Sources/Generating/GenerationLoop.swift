internal import Decoders
internal import Documents
internal import Tensors
internal import Vision
internal import Vocabulary

// R rows of the batch, S width of the states, V vocabulary, C image codes, P answers in an image.

/// The one generation loop: one forward pass a token, for all answers and their guides together.
///
/// Each answer is a row of the batch. While it draws it may have other rows, its guides, which read
/// the same with all texts masked, the answer's own too. Until an image begins nothing needs the
/// guides, so they are read anew then, and dropped when the image is complete.
final class GenerationLoop {
    private let generator: Generator
    private let options: GenerationOptions
    private let imageHead: Tensor  // [C, S]
    private let batch: DecodingBatch
    /// The answers that go on: the first rows of the batch.
    private var answers: [Answer]
    /// The other rows.
    private var guides: [Guide] = []

    private struct Guide {
        let answer: Answer
        let kind: Contrast.Guide
    }

    init(_ generator: Generator, _ options: GenerationOptions, _ answers: [Answer]) throws {
        self.generator = generator
        self.options = options
        let unfinished = answers.filter { !$0.isFinished }
        self.answers = unfinished
        (imageHead, batch) = try withTorchErrors {
            withoutGradients {
                (
                    generator.model.head.narrowed(0, generator.tokenizer.space.image),
                    // The last token of a prompt is the first that the loop feeds.
                    DecodingBatch(
                        generator.model,
                        reading: unfinished.map { $0.prompt.tokens.dropLast() }
                    )
                )
            }
        }
    }

    func run(isCancelled: () -> Bool) throws {
        while !answers.isEmpty {
            if isCancelled() {
                for answer in answers { answer.cancel() }
                return
            }
            let choices = try withTorchErrors {
                try withoutGradients {
                    addGuides()
                    let fed = (answers + guides.map(\.answer)).map(\.pending)
                    return try self.choices(after: batch.hiddenStates(continuing: fed))
                }
            }
            for choice in choices { try choice.make() }
            try showCompletedImages()
            try withTorchErrors { withoutGradients { dropRows() } }
        }
    }

    /// What each answer chooses from, by the states [R, S].
    private func choices(after hiddenStates: Tensor) throws(TorchError) -> [Choice] {
        var choices: [Choice] = []
        let speaking = answers.filter { !$0.isInImage }
        if !speaking.isEmpty {
            let logits = hiddenStates.selected(0, rows(of: speaking)).linear(generator.model.head)
            choices += try Choice.each(of: speaking, by: logits, firstToken: 0, options.text)
        }
        let firstCode = generator.tokenizer.space.image.lowerBound
        for contrast in Set(options.contrasts) {
            let drawing = answers.filter { $0.isInImage && $0.contrast == contrast }
            guard !drawing.isEmpty else { continue }
            func logits(_ rows: Tensor) -> Tensor {
                hiddenStates.selected(0, rows).linear(imageHead)
            }
            choices += try Choice.each(
                of: drawing,
                by: contrast.logits(
                    logits(rows(of: drawing)),  // [P, C]
                    contrast.guides.map { logits(rows(of: drawing, guided: $0)) }
                ),
                firstToken: firstCode,
                options.images
            )
        }
        return choices
    }

    private func rows(of chosen: [Answer]) -> Tensor {
        let rows = chosen.compactMap { one in answers.firstIndex { $0 === one } }
        return Tensor(rows, [rows.count])
    }

    private func rows(of chosen: [Answer], guided kind: Contrast.Guide) -> Tensor {
        let rows = chosen.compactMap { one in
            guides.firstIndex { $0.answer === one && $0.kind == kind }
        }
        return Tensor(rows.map { answers.count + $0 }, [rows.count])
    }

    /// Gives guides to each answer that is about to draw.
    private func addGuides() {
        let new = answers.filter { answer in
            answer.isInImage && !guides.contains { $0.answer === answer }
        }.flatMap { answer in answer.contrast.guides.map { Guide(answer: answer, kind: $0) } }
        guard !new.isEmpty else { return }
        // A guide reads what comes before the `<break>` that is fed next.
        batch.add(new.map { $0.answer.tokens(for: $0.kind).dropLast() })
        guides += new
    }

    private func showCompletedImages() throws {
        let complete = answers.filter { $0.completedCodes != nil }
        guard let imageTokenizer = generator.imageTokenizer, !complete.isEmpty else { return }
        let images = try imageTokenizer.decode(complete.compactMap(\.completedCodes))
        for (answer, image) in zip(complete, images) { answer.show(image) }
    }

    /// Drops the rows of answers that are finished, and of guides whose image is complete.
    private func dropRows() {
        let keptAnswers = answers.indices.filter { !answers[$0].isFinished }
        let keptGuides = guides.indices.filter { guides[$0].answer.isInImage }
        guard keptAnswers.count < answers.count || keptGuides.count < guides.count else { return }
        batch.keep(keptAnswers + keptGuides.map { answers.count + $0 })
        answers = keptAnswers.map { answers[$0] }
        guides = keptGuides.map { guides[$0] }
    }
}
