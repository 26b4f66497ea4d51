internal import Decoders
internal import Layers
internal import Tensors
internal import Vocabulary

/// Reads prompts in the order in which they came, some tokens at a time, so that a long one does not stop
/// the answers that are being generated.
///
/// Prompts that are the same and come together are read once, and what ``PrefixCache`` has of one is not
/// read again.
final class PromptReader {
    /// A prompt and the answers that continue it.
    private struct Reading {
        var answers: [AnswerInProgress]
        /// All but the last token of the prompt, which the loop feeds first.
        let tokens: [TokenID]
        /// What has been read so far, a row; `nil` before the first tokens.
        var cache: KeyValueCache?

        var count: Int { cache?.lengths[0] ?? 0 }
    }

    /// Answers whose prompt is read, and a row of a cache for each.
    struct Finished {
        let answers: [AnswerInProgress]
        let cache: KeyValueCache
    }

    private let model: any LanguageModel
    private let prefixes: PrefixCache
    private var readings: [Reading] = []

    init(_ model: any LanguageModel, _ prefixes: PrefixCache) {
        self.model = model
        self.prefixes = prefixes
    }

    /// Whether nothing is left to read.
    var isEmpty: Bool { readings.isEmpty }

    /// Adds answers behind those whose prompts are to be read.
    func add(_ answers: [AnswerInProgress]) {
        let first = readings.count
        for answer in answers {
            let tokens = Array(answer.promptTokens.dropLast())
            if let same = readings[first...].firstIndex(where: { $0.tokens == tokens }) {
                readings[same].answers.append(answer)
            } else {
                readings.append(Reading(answers: [answer], tokens: tokens))
            }
        }
    }

    /// Reads on, about `limit` tokens of prompts.
    ///
    /// - Returns: what is complete by that; prompts that the engine cannot read fail their answers.
    func read(atMost limit: Int) -> [Finished] {
        for index in readings.indices { readings[index].answers.removeAll(where: \.isFinished) }
        readings.removeAll { $0.answers.isEmpty }
        var (left, complete) = (limit, 0)
        var short: [Int] = []
        while left > 0, complete < readings.count {
            recall(complete)
            let reading = readings[complete]
            let rest = reading.tokens.count - reading.count
            if reading.cache == nil, rest <= left {
                short.append(complete)
            } else if rest > 0 {
                advance(complete, by: min(rest, left))
            }
            left -= max(1, rest)
            if left >= 0 { complete += 1 }
        }
        readTogether(short)
        for index in 0..<complete where readings[index].answers.count > 1 {
            attempt([index]) {
                readings[index].cache?.keep(rows: readings[index].answers.map { _ in 0 })
            }
        }
        let done = readings[..<complete].filter { $0.answers.contains { !$0.isFinished } }
        readings.removeFirst(complete)
        return done.compactMap { reading in
            reading.cache.map { Finished(answers: reading.answers, cache: $0) }
        }
    }

    /// Begins a reading with what is known of it.
    private func recall(_ index: Int) {
        guard readings[index].cache == nil else { return }
        // Where memory does not hold a copy of it, all is read anew.
        let found = try? withTorchErrors { prefixes.longest(of: readings[index].tokens) }
        guard let known = found.flatMap(\.self) else { return }
        readings[index].cache = known
        for answer in readings[index].answers { answer.cachedPromptCount = known.lengths[0] }
    }

    private func advance(_ index: Int, by count: Int) {
        let reading = readings[index]
        let cache = reading.cache ?? KeyValueCache()
        let next = Array(reading.tokens[reading.count..<reading.count + count])
        attempt([index]) {
            _ = model.hiddenStates(TokenRows([next]), cache: cache)
            readings[index].cache = cache
        }
    }

    /// Reads whole prompts in one pass.
    private func readTogether(_ indices: [Int]) {
        guard !indices.isEmpty else { return }
        attempt(indices) {
            let cache = KeyValueCache()
            _ = model.hiddenStates(TokenRows(indices.map { readings[$0].tokens }), cache: cache)
            for (row, index) in indices.enumerated() {
                readings[index].cache = indices.count == 1 ? cache : cache.copy(ofRow: row)
            }
        }
    }

    /// Runs a pass; where it throws, the answers to these prompts end, and the others go on.
    private func attempt(_ indices: [Int], _ pass: () -> Void) {
        do {
            try withTorchErrors { withoutGradients { pass() } }
        } catch {
            for answer in indices.flatMap({ readings[$0].answers }) { answer.fail(error) }
        }
    }
}
