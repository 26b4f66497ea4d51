package import Decoders
internal import Tensors
package import Vocabulary

// B rows, T positions, S width of the hidden states, N targets.

/// The forward pass and loss of a language model, for training and evaluation.
package struct LossMeasure {
    private let model: any LanguageModel
    private let space: TokenSpace

    /// - Throws: ``TrainingError/vocabulary(model:tokenizer:)`` if the model has too few token
    ///   embeddings.
    package init(_ model: any LanguageModel, in space: TokenSpace) throws(TrainingError) {
        guard model.vocabularySize >= space.count else {
            throw .vocabulary(model: model.vocabularySize, tokenizer: space.count)
        }
        self.model = model
        self.space = space
    }

    /// The token that pads rows.
    var padding: TokenID { space.specialTokens[.padding] ?? space[.end] }

    /// The losses of examples, which are truncated to the context.
    package func report(of examples: [TrainingExample], in sizes: BatchSizes) throws -> LossReport {
        try withTorchErrors {
            try withoutGradients {
                var report = LossReport()
                for batch in sizes.microBatches(of: examples, padding: padding)
                where !batch.targets.isEmpty {
                    try add(loss(of: batch, dividedBy: 1).losses, of: batch, to: &report)
                }
                return report
            }
        }
    }

    /// Adds the losses [N] of a batch to a report.
    func add(_ losses: Tensor, of batch: Batch, to report: inout LossReport) throws {
        try report.add(losses.floats(), of: batch, in: space)
    }

    /// The weighted sum of the losses divided by `divisor`, and the losses [N].
    func loss(of batch: Batch, dividedBy divisor: Double) -> (loss: Tensor, losses: Tensor) {
        let hiddenStates = model.hiddenStates(batch.tokenRows, cache: nil)  // [B, T, S]
        let flat = hiddenStates.reshaped([-1, hiddenStates.size(2)])  // [B · T, S]
        // Only positions with a target go through the head, most of the work of a small model.
        let counting = batch.positions.count
        let chosen =
            counting == flat.size(0) ? flat : flat.selected(0, Tensor(batch.positions, [counting]))
        let weights = batch.weights.map { Float(Double($0) / divisor) }
        return model.head.crossEntropy(chosen, targets: batch.targets, weights: weights)
    }
}
