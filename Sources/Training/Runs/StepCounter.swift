internal import Tensors

/// What trainings of all kinds share.
package struct TrainingOptions: Sendable, Equatable {
    /// The learning rate at each step, and the number of steps.
    package var schedule: Schedule
    package var optimizer: OptimizerOptions
    /// The seed of every random choice.
    package var seed: UInt64

    package init(
        schedule: Schedule,
        optimizer: OptimizerOptions = OptimizerOptions(),
        seed: UInt64 = 0
    ) {
        self.schedule = schedule
        self.optimizer = optimizer
        self.seed = seed
    }
}

/// Counts the steps of a training, and applies the update of each one unless it is not finite.
package struct StepCounter: Sendable {
    /// The learning rate at each step, and the number of steps.
    package let schedule: Schedule
    /// The number of steps done, skipped ones included.
    package var count = 0
    private var skippedInARow = 0

    /// Too many skipped steps in a row end the training.
    private static let skippedLimit = 3

    init(_ schedule: Schedule) { self.schedule = schedule }

    /// What became of the gradients of one step.
    struct Update {
        /// The number of the step, from 1.
        let step: Int
        let learningRate: Double
        /// The 2-norm of the first optimizer's gradients before clipping.
        let gradientNorm: Double
        /// Whether the loss or a gradient norm was not finite, so that the weights did not change.
        let isSkipped: Bool
    }

    /// Updates the weights of all `optimizers` by their gradients, or of none.
    ///
    /// - Throws: ``TrainingError/diverged(step:count:)`` if too many steps in a row are not finite.
    mutating func update(_ optimizers: [Optimizer], loss: Double) throws(TrainingError) -> Update {
        let learningRate = schedule.learningRate(after: count)
        let norms = optimizers.map { $0.gradientNorm() }
        let isFinite = loss.isFinite && norms.allSatisfy(\.isFinite)
        for (optimizer, norm) in zip(optimizers, norms) {
            if isFinite {
                optimizer.update(learningRate: learningRate, norm: norm)
            } else {
                optimizer.clearGradients()
            }
        }
        count += 1
        skippedInARow = isFinite ? 0 : skippedInARow + 1
        guard skippedInARow < Self.skippedLimit else {
            throw .diverged(step: count, count: skippedInARow)
        }
        return Update(
            step: count,
            learningRate: learningRate,
            gradientNorm: norms[0],
            isSkipped: !isFinite
        )
    }
}
