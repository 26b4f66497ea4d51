/// Everything that a training run is told, but for its model and its data.
public struct TrainingOptions: Sendable, Equatable {
    /// The learning rate at each step, and how many steps there are.
    public var schedule: Schedule
    /// How much is learned from at a time.
    public var sizes: BatchSizes
    /// How gradients move weights.
    public var optimizer: OptimizerOptions
    /// After how many steps in a row without a finite loss and gradient a run stops.
    public var badStepLimit: Int

    /// Sets the options.
    public init(
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
public struct StepReport: Sendable, Equatable {
    /// The number of this step, from 1.
    public let step: Int
    /// The loss before the step, by modality.
    public let loss: LossReport
    /// The 2-norm of the gradients before clipping.
    public let gradientNorm: Double
    /// The learning rate.
    public let learningRate: Double
    /// The number of tokens that were learned from, padding not counted.
    public let tokenCount: Int
    /// Whether loss or gradients were no numbers, so that the weights stayed as they were.
    public let isSkipped: Bool
    /// What the examples were made of.
    public let origins: [ExampleOrigin]
}
