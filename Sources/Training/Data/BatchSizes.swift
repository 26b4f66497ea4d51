public import Vocabulary

/// How much is learned from at a time.
public struct BatchSizes: Sendable, Equatable {
    /// The tokens of one step of the optimizer, padding not counted.
    public var tokensPerStep: Int
    /// The most tokens of one pass through the model, padding included: what memory must hold.
    public var tokensPerPass: Int
    /// The most tokens of one document; what is longer is cut.
    public var contextLength: Int

    /// Sets the sizes.
    public init(tokensPerStep: Int, tokensPerPass: Int? = nil, contextLength: Int) {
        precondition(tokensPerStep > 0 && contextLength > 1)
        self.tokensPerStep = tokensPerStep
        self.tokensPerPass = tokensPerPass ?? tokensPerStep
        self.contextLength = contextLength
    }
}

/// What one step of the optimizer learns from.
public struct StepData: Sendable, Equatable {
    /// The passes, which together are one step.
    public let batches: [Batch]
    /// What the examples were made of, in the order of the stream.
    public let origins: [ExampleOrigin]

    /// The sum of the weights of all targets of all passes, which the loss is divided by.
    public var totalWeight: Double { batches.reduce(0) { $0 + $1.totalWeight } }

    /// The number of tokens that are not padding.
    public var realTokenCount: Int { batches.reduce(0) { $0 + $1.realTokenCount } }

    /// The share of the passes' tokens that are padding.
    public var paddingShare: Double {
        let all = batches.reduce(0) { $0 + $1.rowCount * $1.width }
        return all == 0 ? 0 : 1 - Double(realTokenCount) / Double(all)
    }
}

extension BatchSizes {
    /// Takes the examples of one step from a stream and sorts them into passes by length.
    ///
    /// 1. Take examples as long as they fit into `tokensPerStep`, at least one.
    /// 2. Sort them by length, so that neighbours need little padding.
    /// 3. Fill passes with neighbours as long as they fit into `tokensPerPass`, at least one each.
    public func nextStep(from mixture: inout Mixture, padding: TokenID) -> StepData {
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
            batches: passes(of: examples, padding: padding),
            origins: origins
        )
    }

    /// Sorts examples into passes by length.
    public func passes(of examples: [TrainingExample], padding: TokenID) -> [Batch] {
        let order = examples.indices.sorted {
            (examples[$0].tokens.count, $0) < (examples[$1].tokens.count, $1)
        }
        var batches: [Batch] = []
        var rows: [TrainingExample] = []
        for index in order {
            let example = examples[index].prefix(contextLength + 1)
            let width = example.tokens.count - 1
            if !rows.isEmpty, (rows.count + 1) * width > tokensPerPass {
                batches.append(Batch(rows, padding: padding))
                rows = []
            }
            rows.append(example)
        }
        if !rows.isEmpty { batches.append(Batch(rows, padding: padding)) }
        return batches
    }
}
