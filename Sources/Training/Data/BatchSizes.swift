package import Vocabulary

/// How much is learned from at a time.
package struct BatchSizes: Sendable, Equatable {
    /// The tokens of one step of the optimizer, padding not counted.
    package var tokensPerStep: Int
    /// The most tokens of one micro-batch, padding included: what memory must hold.
    package var microBatchTokens: Int
    /// The most tokens of one document; what is longer is cut.
    package var contextLength: Int

    /// Sets the sizes.
    package init(tokensPerStep: Int, microBatchTokens: Int? = nil, contextLength: Int) {
        precondition(tokensPerStep > 0 && contextLength > 1)
        self.tokensPerStep = tokensPerStep
        self.microBatchTokens = microBatchTokens ?? tokensPerStep
        self.contextLength = contextLength
    }
}

/// What one step of the optimizer learns from.
package struct StepData: Sendable, Equatable {
    /// The micro-batches, which together are one step.
    package let batches: [Batch]
    /// What the examples were made of, in the order of the stream.
    package let origins: [ExampleOrigin]

    /// The sum of the weights of all targets of all micro-batches, which the loss is divided by.
    package var totalWeight: Double { batches.reduce(0) { $0 + $1.totalWeight } }

    /// The number of tokens that are not padding.
    package var realTokenCount: Int { batches.reduce(0) { $0 + $1.realTokenCount } }

    /// The share of the micro-batches' tokens that are padding.
    package var paddingShare: Double {
        let all = batches.reduce(0) { $0 + $1.rowCount * $1.width }
        return all == 0 ? 0 : 1 - Double(realTokenCount) / Double(all)
    }
}

extension BatchSizes {
    /// Takes the examples of one step from a stream and sorts them into micro-batches by length.
    ///
    /// 1. Take examples as long as they fit into `tokensPerStep`, at least one.
    /// 2. Sort them into micro-batches.
    package func nextStep(from mixture: inout Mixture, padding: TokenID) -> StepData {
        var examples: [TrainingExample] = []
        var origins: [ExampleOrigin] = []
        var tokenCount = 0
        while true {
            let (whole, origin) = mixture.peek()
            let example = whole.prefix(contextLength + 1)
            guard examples.isEmpty || tokenCount + example.tokens.count - 1 <= tokensPerStep else {
                break
            }
            mixture.skip()
            tokenCount += example.tokens.count - 1
            examples.append(example)
            origins.append(origin)
        }
        return StepData(
            batches: microBatches(of: examples, padding: padding),
            origins: origins
        )
    }

    /// Sorts examples into micro-batches so that little is wasted.
    ///
    /// 1. Sort by length, so that neighbours need little padding.
    /// 2. Cut the sorted row where the sum of all micro-batches' costs is least: a micro-batch costs its tokens,
    ///    padding included, and what each micro-batch costs whatever its size (``microBatchOverhead``). No micro-batch
    ///    of several examples holds more than `microBatchTokens`.
    ///
    /// The least cost of the first `n` examples is that of the first `m < n` and one more micro-batch, for
    /// the best `m`.
    package func microBatches(of examples: [TrainingExample], padding: TokenID) -> [Batch] {
        let rows = examples.map { $0.prefix(contextLength + 1) }.enumerated().sorted {
            ($0.element.tokens.count, $0.offset) < ($1.element.tokens.count, $1.offset)
        }.map(\.element)
        var costs = [0]
        var starts = [0]
        for end in rows.indices {
            let width = rows[end].tokens.count - 1
            var best = (cost: Int.max, start: end)
            for start in (0...end).reversed() {
                let size = (end - start + 1) * width
                guard start == end || size <= microBatchTokens else { break }
                let cost = costs[start] + size + Self.microBatchOverhead
                if cost < best.cost { best = (cost, start) }
            }
            costs.append(best.cost)
            starts.append(best.start)
        }
        var batches: [Batch] = []
        var end = rows.count
        while end > 0 {
            let start = starts[end]
            batches.append(Batch(Array(rows[start..<end]), padding: padding))
            end = start
        }
        return batches.reversed()
    }

    /// What a micro-batch costs besides its tokens, in tokens: the start of some hundred operations, and
    /// gradients that are added to those of the micro-batches before.
    private static var microBatchOverhead: Int { 128 }
}
