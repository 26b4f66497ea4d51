internal import Jam

/// The answers to a request, and what was read and generated for them.
struct KeptAnswers: Sendable {
    let answers: [Answer]
    /// The tokens of the prompt, once, and those of all answers and of the candidates beside them.
    let counts: Answer.TokenCounts

    /// Keeps some of the answers to one prompt.
    init(_ kept: [Answer], of all: [Answer]) {
        answers = kept
        counts = all.dropFirst().reduce(into: all[0].counts) { counts, answer in
            counts.text += answer.counts.text
            counts.image += answer.counts.image
        }
    }
}

extension AnswerService {
    /// Answers a prompt several times, each time the best of its candidates.
    ///
    /// - Returns: `count` answers; all candidates are counted, also at `place`.
    func answers(
        to prompt: Document,
        count: Int = 1,
        _ clipUse: CLIPUse,
        _ options: AnswerOptions,
        _ place: Place
    ) async throws -> KeptAnswers {
        let retrieved = try await documents(for: prompt, clipUse)
        let prompts = Array(repeating: prompt, count: count * clipUse.candidateCount)
        let candidates = try await model.answers(
            to: prompts,
            retrieved: retrieved.isEmpty ? [] : prompts.map { _ in retrieved },
            options: options
        )
        place.count(candidates)
        guard let clip, clipUse.candidateCount > 1 else {
            return KeptAnswers(candidates, of: candidates)
        }
        var best: [Answer] = []
        for start in stride(from: 0, to: candidates.count, by: clipUse.candidateCount) {
            let own = Array(candidates[start..<start + clipUse.candidateCount])
            best.append(try await clip.best(of: own, for: prompt.texts.last ?? ""))
        }
        return KeptAnswers(best, of: candidates)
    }

    /// Begins an answer to a prompt.
    func begin(
        _ prompt: Document,
        _ clipUse: CLIPUse,
        _ options: AnswerOptions
    ) async throws -> AnswerStream {
        try await model.begin(
            prompt,
            retrieved: try await documents(for: prompt, clipUse),
            options: options
        )
    }

    /// The documents that precede a prompt, the most similar last.
    private func documents(for prompt: Document, _ clipUse: CLIPUse) async throws -> [Document] {
        guard let bank, clipUse.documentCount > 0 else { return [] }
        return try await bank.retrieve(
            clipUse.documentCount,
            for: prompt,
            similarityLimit: settings.relevanceLimit
        ).retrievedDocuments
    }
}
