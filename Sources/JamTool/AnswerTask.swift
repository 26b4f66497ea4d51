import Jam
import ToolSupport

/// The answers that a command asks for: one streamed, or several in batches.
struct AnswerTask {
    let model: Model
    let questions: [Document]
    /// What to inpaint in place of answering, one for each question; empty for none.
    let inpaintings: [Inpainting]
    /// For each question, documents that precede it; empty for none.
    let retrieved: [[Document]]
    let options: AnswerOptions
    let candidateCount: Int

    /// How many answers are generated at a time: enough for speed, little in memory.
    private static let batchSize = 16

    /// The answers to each question, its candidates one after the other; answer number i has the
    /// seed of the options plus i.
    func run(streaming: Bool) async throws -> [Answer] {
        let places = questions.indices.flatMap { Array(repeating: $0, count: candidateCount) }
        if places.count == 1 { return [try await single(streaming: streaming)] }
        let progress = ProgressBar("answering", total: places.count, unit: "answers")
        var answers: [Answer] = []
        while answers.count < places.count {
            let batch = places.dropFirst(answers.count).prefix(Self.batchSize)
            var options = options
            options.seed &+= UInt64(answers.count)
            answers +=
                inpaintings.isEmpty
                ? try await model.answers(
                    to: batch.map { questions[$0] },
                    retrieved: retrieved.isEmpty ? [] : batch.map { retrieved[$0] },
                    options: options
                )
                : try await model.inpaintings(batch.map { inpaintings[$0] }, options: options)
            progress.advance(to: answers.count)
        }
        progress.finish(at: answers.count)
        return answers
    }

    private func single(streaming: Bool) async throws -> Answer {
        let stream =
            if let inpainting = inpaintings.first {
                model.inpaint(inpainting, options: options)
            } else {
                model.answer(questions[0], retrieved: retrieved.first ?? [], options: options)
            }
        return try await Console.show(stream, streaming: streaming)
    }
}
