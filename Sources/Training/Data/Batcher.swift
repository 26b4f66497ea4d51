package import Vocabulary

/// How many tokens are trained on at a time.
package struct BatchSizes: Sendable, Equatable {
    /// The tokens of one optimizer step, padding not counted.
    package var tokensPerStep: Int
    /// The most tokens of one micro-batch, padding included: what memory must hold.
    package var microBatchTokens: Int
    /// The most tokens of one example; longer ones are truncated.
    package var contextLength: Int

    package init(tokensPerStep: Int, microBatchTokens: Int? = nil, contextLength: Int) {
        precondition(tokensPerStep > 0 && contextLength > 1)
        self.tokensPerStep = tokensPerStep
        self.microBatchTokens = microBatchTokens ?? tokensPerStep
        self.contextLength = contextLength
    }
}

/// The data of one optimizer step.
package struct StepData: Sendable, Equatable {
    /// The micro-batches, whose gradients are accumulated.
    package let batches: [Batch]
    /// The documents of the examples, in the order of the mixture.
    package let origins: [ExampleOrigin]

    /// The sum of the loss weights of all targets, which the loss is divided by.
    package var totalWeight: Double { batches.reduce(0) { $0 + $1.totalWeight } }

    /// The number of tokens that are not padding.
    package var realTokenCount: Int { batches.reduce(0) { $0 + $1.realTokenCount } }

    /// The share of tokens that are padding.
    package var paddingShare: Double {
        let all = batches.reduce(0) { $0 + $1.rowCount * $1.width }
        return all == 0 ? 0 : 1 - Double(realTokenCount) / Double(all)
    }
}

/// Makes the micro-batches of each step from a mixture.
package struct Batcher: Sendable {
    /// The data from the current position on.
    package internal(set) var mixture: Mixture
    package let sizes: BatchSizes

    package init(_ mixture: Mixture, _ sizes: BatchSizes) {
        self.mixture = mixture
        self.sizes = sizes
    }

    /// The data of the next step: as many examples as fit into `tokensPerStep`, at least one.
    package mutating func nextStep(padding: TokenID) -> StepData {
        var examples: [TrainingExample] = []
        var origins: [ExampleOrigin] = []
        var tokenCount = 0
        while true {
            let (next, origin) = mixture.peek()
            let example = next.prefix(sizes.contextLength + 1)
            tokenCount += example.tokens.count - 1
            guard examples.isEmpty || tokenCount <= sizes.tokensPerStep else { break }
            mixture.skip()
            examples.append(example)
            origins.append(origin)
        }
        return StepData(
            batches: sizes.microBatches(of: examples, padding: padding),
            origins: origins
        )
    }
}

extension BatchSizes {
    /// Distributes examples over micro-batches of little padding.
    ///
    /// 1. Sort by length.
    /// 2. Split the sorted examples where the total cost is least. A micro-batch costs its tokens,
    ///    padding included, and a constant. One of several examples has at most `microBatchTokens`.
    ///
    /// The least cost of the first `n` examples is that of the first `m < n` plus one micro-batch,
    /// for the best `m`.
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

    /// The constant cost of a micro-batch, in tokens: starting some hundred operations, and
    /// accumulating gradients.
    private static var microBatchOverhead: Int { 128 }
}
