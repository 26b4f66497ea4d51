package import Basics
internal import Checkpoints
package import Decoders
package import Layers
package import Tensors
package import Vocabulary

/// Trains a language model.
///
/// A step takes examples from the mixture, runs the model on them in micro-batches, and updates the
/// weights by the gradient of their mean loss. It depends on the weights, the optimizer state and
/// the mixture's position only: a run that continues from these gives the same bits, with the same
/// number of threads.
package final class LanguageModelTraining: ResumableTraining {
    package let optimizer: Optimizer
    package private(set) var steps: StepCounter
    /// The data from the current position on.
    package private(set) var batcher: Batcher
    /// The number of tokens trained on, padding not counted.
    private var tokenCount = 0
    private let measure: LossMeasure
    /// Whether steps multiply in bfloat16.
    private let isMixedPrecision: Bool
    /// The digest of each source's documents.
    private let dataDigests: [String]

    /// Prepares a training; `addedRows` are those that a fusion added, ``RowGroup/added``, and
    /// `mixedPrecision` says whether steps multiply in bfloat16.
    package init(
        _ model: any LanguageModel,
        _ parameters: [Parameter],
        _ batcher: Batcher,
        in space: TokenSpace,
        addedRows: Range<TokenID> = 0..<0,
        mixedPrecision: Bool = false,
        _ options: TrainingOptions
    ) throws {
        measure = try LossMeasure(model, in: space)
        self.batcher = batcher
        isMixedPrecision = mixedPrecision
        dataDigests = batcher.mixture.sources.map { $0.digest(in: space) }
        steps = StepCounter(options.schedule)
        let rows = TableRows(
            space,
            added: addedRows,
            vocabularySize: model.vocabularySize
        )
        optimizer = try withTorchErrors {
            try Optimizer(parameters, options.optimizer, rows: rows)
        }
    }

    /// The token that pads rows.
    var padding: TokenID { measure.padding }

    package func step() throws -> StepLog {
        let data = batcher.nextStep(padding: padding)
        let report = try withTorchErrors {
            try withMixedPrecision(isMixedPrecision) { try gatherGradients(data) }
        }
        let update = try withTorchErrors {
            try steps.update([optimizer], loss: report.mean ?? .nan)
        }
        tokenCount += data.realTokenCount
        var values =
            report.values() + [
                ("learning_rate", .number(update.learningRate)),
                ("gradient_norm", .finite(update.gradientNorm)),
                ("tokens", .integer(data.realTokenCount)),
            ]
        if update.isSkipped {
            let documents = data.origins.map {
                JSON.array([.integer($0.source), .integer($0.document)])
            }
            values.append(("documents", .array(documents)))
        }
        return StepLog(
            step: update.step,
            values,
            summary: report.summary,
            isSkipped: update.isSkipped
        )
    }

    /// Adds up the gradients of the mean loss over all micro-batches.
    private func gatherGradients(_ data: StepData) throws -> LossReport {
        var report = LossReport()
        let totalWeight = data.totalWeight
        for batch in data.batches where !batch.targets.isEmpty {
            let (loss, losses) = measure.loss(of: batch, dividedBy: totalWeight)
            loss.backward()
            try measure.add(losses, of: batch, to: &report)
        }
        return report
    }

    /// The loss of held-out examples.
    package func loss(of examples: [TrainingExample]) throws -> LossReport {
        try measure.report(of: examples, in: batcher.sizes)
    }

    package var modelTensors: [(name: String, tensor: Tensor)] {
        optimizer.parameters.map { ($0.spec.name, $0.tensor) }
    }

    package var optimizerState: [(name: String, tensor: Tensor)] { optimizer.state }

    package var counters: JSON.Object {
        [
            "step": .integer(steps.count),
            "updates": .integer(optimizer.updateCount),
            "tokens": .integer(tokenCount),
            "drawn": .array(batcher.mixture.position.drawn.map(JSON.integer)),
            "data_sha256": .array(dataDigests.map(JSON.string)),
        ]
    }

    package func resume(at counters: JSONReader) throws {
        let drawn = try counters.integers("drawn")
        try batcher.mixture.move(to: MixturePosition(drawn: drawn))
        // Steps of earlier versions do not say what they were trained on.
        if counters.has("data_sha256") {
            let digests = try counters.strings("data_sha256")
            for (source, (saved, own)) in zip(batcher.mixture.sources, zip(digests, dataDigests))
            where saved != own {
                throw DataError.changed(source: source.name)
            }
        }
        steps.count = try counters.integer("step", atLeast: 0, atMost: 1 << 56)
        tokenCount = try counters.integer("tokens", atLeast: 0, atMost: 1 << 56)
        optimizer.resume(updateCount: try counters.integer("updates", atLeast: 0, atMost: 1 << 56))
    }
}
