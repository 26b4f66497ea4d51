package import Decoders
package import Layers
internal import Tensors
package import Vocabulary

/// Teaches a model, one step at a time.
///
/// A step takes examples from the mixture, passes them through the model in micro-batches that memory can
/// hold, and moves the weights by the gradient of the mean loss of all of them. All that a step
/// depends on is the weights, the optimizer and the position of the mixture: a run that goes on
/// from these three goes on bit for bit, with the same number of threads.
package final class TrainingLoop {
    /// What the run was told.
    package let options: TrainingOptions
    /// The optimizer with its moments.
    package let optimizer: Optimizer
    /// The number of steps so far, skipped ones included.
    package private(set) var stepCount = 0
    /// How many steps were skipped because loss or gradients were no numbers.
    package var skippedCount: Int { skipped.count }
    /// The tokens learned from so far, padding not counted.
    package private(set) var tokenCount = 0
    private var mixture: Mixture
    private let measure: LossMeasure
    private var skipped: SkippedSteps

    /// Prepares to teach `model`, whose weights are `parameters`, from `mixture`.
    package init(
        _ model: any LanguageModel,
        _ parameters: [Parameter],
        _ mixture: Mixture,
        in space: TokenSpace,
        _ options: TrainingOptions
    ) throws {
        measure = try LossMeasure(model, in: space)
        self.mixture = mixture
        self.options = options
        skipped = SkippedSteps(limit: options.badStepLimit)
        optimizer = try withTorchErrors { try Optimizer(parameters, options.optimizer) }
    }

    /// The token that fills short rows.
    var padding: TokenID { measure.padding }

    /// Where the mixture stands.
    package var position: MixturePosition { mixture.position }

    /// Takes one step.
    ///
    /// - Throws: `TorchError` if the engine fails, ``TrainingError/diverged(step:count:)`` after too
    ///   many steps in a row whose loss or gradients are no numbers.
    package func step() throws -> StepReport {
        let data = options.sizes.nextStep(from: &mixture, padding: measure.padding)
        let learningRate = options.schedule.learningRate(after: stepCount)
        let (loss, norm) = try withTorchErrors { try learn(data) }
        let isFinite = norm.isFinite && (loss.mean?.isFinite ?? false)
        try withTorchErrors {
            if isFinite {
                optimizer.update(learningRate: learningRate, norm: norm)
            } else {
                optimizer.clearGradients()
            }
        }
        stepCount += 1
        tokenCount += data.realTokenCount
        try skipped.record(stepCount, isSound: isFinite)
        return StepReport(
            step: stepCount,
            loss: loss,
            gradientNorm: norm,
            learningRate: learningRate,
            tokenCount: data.realTokenCount,
            isSkipped: !isFinite,
            origins: data.origins
        )
    }

    /// The loss of examples that are not learned from.
    package func loss(of examples: [TrainingExample]) throws -> LossReport {
        try measure.report(of: examples, in: options.sizes)
    }

    /// Goes to where a saved run stood; weights and moments are restored apart from this.
    func resume(_ state: RunState) throws {
        try mixture.move(to: state.position)
        stepCount = state.step
        skipped.count = state.skipped
        tokenCount = state.tokens
        optimizer.resume(updateCount: state.updates)
    }

    /// Gathers the gradients of the mean loss of all micro-batches.
    private func learn(_ data: StepData) throws -> (loss: LossReport, gradientNorm: Double) {
        var report = LossReport()
        let totalWeight = data.totalWeight
        for batch in data.batches where !batch.targets.isEmpty {
            let (loss, losses) = measure.loss(of: batch, dividedBy: totalWeight)
            loss.backward()
            try measure.add(losses, of: batch, to: &report)
        }
        return (report, optimizer.gradientNorm())
    }
}
