internal import Decoders
internal import Layers
internal import Tensors
internal import Vocabulary

/// Reads prompts some tokens at a time, so that a long one does not stop the answers that are being
/// generated.
///
/// The prompt that waits for longest gets half of the tokens, and those with the least left to read get
/// the others: a short one does not wait for a long one, and a long one does not wait for ever.
///
/// Prompts that are the same and come together are read once, and what ``PrefixCache`` has of one is not
/// read again.
final class PromptReader {
    /// A prompt and the answers that continue it.
    private struct Reading {
        var answers: [AnswerInProgress]
        /// All but the last token of the prompt, which the loop feeds first.
        let tokens: [TokenID]
        /// How many of them were known when it came.
        let knownCount: Int
        /// What has been read so far, a row; `nil` before the first tokens.
        var cache: KeyValueCache?

        var count: Int { cache?.lengths[0] ?? 0 }
        var rest: Int { tokens.count - count }
        /// How many tokens are left, as far as is known before it begins.
        var expectedRest: Int { tokens.count - (cache == nil ? knownCount : count) }
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
                let known = prefixes.knownCount(of: tokens)
                readings.append(Reading(answers: [answer], tokens: tokens, knownCount: known))
            }
        }
    }

    /// Reads on, about `limit` tokens of prompts.
    ///
    /// - Returns: what is complete by that; prompts that the engine cannot read fail their answers.
    func read(atMost limit: Int) -> [Finished] {
        for index in readings.indices { readings[index].answers.removeAll(where: \.isFinished) }
        readings.removeAll { $0.answers.isEmpty }
        let plan = plan(limit)
        for (index, count) in plan.parts.sorted(by: { $0.key < $1.key }) where count > 0 {
            advance(index, by: count)
        }
        readTogether(plan.whole)
        let whole = plan.whole + plan.parts.keys
        let complete = whole.filter { readings[$0].cache != nil && readings[$0].rest == 0 }.sorted()
        for index in complete where readings[index].answers.count > 1 {
            attempt([index]) {
                readings[index].cache?.keep(rows: readings[index].answers.map { _ in 0 })
            }
        }
        let done = complete.map { readings[$0] }
        for index in complete.reversed() { readings.remove(at: index) }
        return done.compactMap { reading in
            guard reading.answers.contains(where: { !$0.isFinished }) else { return nil }
            return reading.cache.map { Finished(answers: reading.answers, cache: $0) }
        }
    }

    /// What to read in a step: some prompts as a whole, in one pass, and of others the next tokens.
    private struct Plan {
        var whole: [Int] = []
        var parts: [Int: Int] = [:]
        var left: Int
        private var longest = 0

        init(limit: Int) { left = limit }

        /// Takes at most `most` tokens of a prompt of which `rest` are left to read.
        mutating func take(_ index: Int, rest: Int, isUnread: Bool, atMost most: Int) {
            guard left > 0, !whole.contains(index) else { return }
            // A pass has as many tokens as if all its prompts were as long as the longest.
            let padded = (whole.count + 1) * max(longest, rest) - whole.count * longest
            if isUnread, rest <= most, padded <= left, parts[index] == nil {
                whole.append(index)
                longest = max(longest, rest)
                left -= padded
            } else if rest > 0 || !isUnread {
                let count = min(rest - (parts[index] ?? 0), most, left)
                parts[index, default: 0] += count
                left -= max(1, count)
            }
        }
    }

    private func plan(_ limit: Int) -> Plan {
        var plan = Plan(limit: limit)
        func take(_ index: Int, atMost most: Int) {
            guard plan.left > 0 else { return }
            recall(index)
            let reading = readings[index]
            plan.take(index, rest: reading.rest, isUnread: reading.cache == nil, atMost: most)
        }
        guard !readings.isEmpty else { return plan }
        take(0, atMost: readings.count > 1 ? (limit + 1) / 2 : limit)
        let others = readings.indices.dropFirst()
        for index in others.sorted(by: {
            (readings[$0].expectedRest, $0) < (readings[$1].expectedRest, $1)
        }) {
            take(index, atMost: limit)
        }
        take(0, atMost: limit)
        return plan
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
            for (index, row) in zip(indices, cache.separated()) { readings[index].cache = row }
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
