/// How an image tokenizer is trained.
package struct ImageTokenizerTrainingOptions: Sendable, Equatable {
    /// A discriminator that learns to tell decoded images from real ones, patch by patch, and that
    /// the decoder learns to deceive (VQGAN, Esser et al., 2021).
    package struct Discriminator: Sendable, Equatable {
        /// The step that it joins at, when images are good already.
        package var startStep: Int
        /// What its opinion weighs in the decoder's loss.
        package var weight: Double
        /// The channels of its first layer.
        package var channels: Int

        /// Sets all of them.
        package init(startStep: Int, weight: Double, channels: Int = 64) {
            precondition(startStep >= 0 && weight >= 0 && channels > 0)
            self.startStep = startStep
            self.weight = weight
            self.channels = channels
        }
    }

    /// What tells two images apart by more than their pixels.
    package struct Perceptual: Sendable, Equatable {
        /// Whose features are compared.
        package enum Features: Sendable, Equatable {
            /// The discriminator's, once it has joined (Larsen et al., 2016).
            case discriminator
            /// Those of the CLIP model in a folder, which stays as it is.
            case clip(folder: String)
        }

        /// Whose features are compared.
        package var features: Features
        /// What their difference weighs in the loss.
        package var weight: Double

        /// Sets both.
        package init(_ features: Features, weight: Double) {
            precondition(weight >= 0)
            self.features = features
            self.weight = weight
        }
    }

    /// How the codebook learns.
    package enum CodebookRule: Sendable, Equatable {
        /// Each code is the running mean of the vectors that choose it.
        case ema
        /// By gradient, as the networks do, of the weighted distance between codes and the vectors that
        /// chose them (van den Oord et al., 2017, equation 3).
        case gradient(weight: Double)
    }

    /// The learning rate at each step, the discriminator's too.
    package var schedule: Schedule
    /// How the networks are moved, the discriminator too.
    package var optimizer: OptimizerOptions
    /// The images of one step.
    package var batchSize: Int
    /// What all randomness follows from.
    package var seed: UInt64
    /// The step from which on the decoder sees codes; before, it sees the encoder's vectors, which
    /// settle sooner without the codes' noise, and the codes follow them.
    package var quantizationStart = 0
    /// The weight of the mean absolute error of pixels.
    package var absoluteWeight = 1.0
    /// The weight of the mean squared error of pixels.
    package var l2Weight = 4.0
    /// The weight of the error of the differences between neighbouring pixels.
    ///
    /// It sharpens what is nearly right, but early it rewards plain surfaces where an edge is in
    /// doubt: 1 cost 1.5 dB in the first 150 steps.
    package var edgeWeight = 0.0
    /// The weight of the distance between vectors and their codes.
    package var commitmentWeight = 0.25
    /// How the codebook learns.
    package var codebookRule = CodebookRule.ema
    /// How much of a code's running mean stays at each step.
    package var codebookDecay = 0.98
    /// A code that is used less than this share of the mean moves to a vector in use.
    package var revivalShare = 0.1
    /// What else images are compared by, if anything.
    package var perceptual: Perceptual?
    /// The discriminator, if there is one.
    package var discriminator: Discriminator?

    /// The usual way to move the networks of an image tokenizer.
    package static let usualOptimizer = OptimizerOptions(beta2: 0.99, weightDecay: 1e-4)

    /// The usual training by a schedule.
    package init(
        schedule: Schedule,
        optimizer: OptimizerOptions = usualOptimizer,
        batchSize: Int,
        seed: UInt64
    ) {
        precondition(batchSize > 0, "a step has an image")
        self.schedule = schedule
        self.optimizer = optimizer
        self.batchSize = batchSize
        self.seed = seed
    }
}
