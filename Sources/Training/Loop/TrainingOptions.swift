/// Everything that a training run is told, but for its model and its data.
package struct TrainingOptions: Sendable, Equatable {
    /// The learning rate at each step, and how many steps there are.
    package var schedule: Schedule
    /// How much is learned from at a time.
    package var sizes: BatchSizes
    /// How gradients move weights.
    package var optimizer: OptimizerOptions
    /// After how many steps in a row without a finite loss and gradient a run stops.
    package var badStepLimit: Int

    /// Sets the options.
    package init(
        schedule: Schedule,
        sizes: BatchSizes,
        optimizer: OptimizerOptions = OptimizerOptions(),
        badStepLimit: Int = 3
    ) {
        self.schedule = schedule
        self.sizes = sizes
        self.optimizer = optimizer
        self.badStepLimit = badStepLimit
    }
}

/// What one step did.
package struct StepReport: Sendable, Equatable {
    /// The number of this step, from 1.
    package let step: Int
    /// The loss before the step, by modality.
    package let loss: LossReport
    /// The 2-norm of the gradients before clipping.
    package let gradientNorm: Double
    /// The learning rate.
    package let learningRate: Double
    /// The number of tokens that were learned from, padding not counted.
    package let tokenCount: Int
    /// Whether loss or gradients were no numbers, so that the weights stayed as they were.
    package let isSkipped: Bool
    /// What the examples were made of.
    package let origins: [ExampleOrigin]
}
