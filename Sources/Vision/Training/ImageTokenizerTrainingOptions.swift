/// How an image tokenizer is trained.
public struct ImageTokenizerTrainingOptions: Sendable, Equatable {
    /// A discriminator that learns to tell decoded pictures from real ones, patch by patch, and that
    /// the decoder learns to deceive (VQGAN, Esser et al., 2021).
    public struct Adversary: Sendable, Equatable {
        /// The step that it joins at, when pictures are good already.
        public var startStep: Int
        /// What its opinion weighs in the decoder's loss.
        public var weight: Double
        /// The channels of its first layer.
        public var channels: Int

        /// Sets all of them.
        public init(startStep: Int, weight: Double, channels: Int = 64) {
            self.startStep = startStep
            self.weight = weight
            self.channels = channels
        }
    }

    /// The number of steps after which the learning rate has fallen to its end.
    public var steps: Int
    /// What all randomness follows from.
    public var seed: UInt64
    /// The highest learning rate.
    public var rate = 2e-3
    /// The steps over which the rate rises from zero.
    public var warmUpSteps = 50
    /// The step from which on the decoder sees codes; before, it sees the encoder's vectors, which
    /// settle sooner without the codes' noise, and the codes follow them.
    public var quantizationStart = 0
    /// The decoupled weight decay.
    public var decay = 1e-4
    /// The largest norm of all gradients together; larger ones are scaled down.
    public var gradientLimit = 1.0
    /// The weight of the mean absolute error of pixels.
    public var absoluteWeight = 1.0
    /// The weight of the mean squared error of pixels.
    public var squaredWeight = 4.0
    /// The weight of the error of the differences between neighbouring pixels.
    ///
    /// It sharpens what is nearly right, but early it rewards plain surfaces where an edge is in
    /// doubt: 1 cost 1.5 dB in the first 150 steps.
    public var edgeWeight = 0.0
    /// The weight of the distance between vectors and their codes.
    public var commitmentWeight = 0.25
    /// How much of a code's running mean stays at each step.
    public var codebookDecay = 0.98
    /// A code that is used less than this share of the mean moves to a vector in use.
    public var revivalShare = 0.1
    /// The discriminator, if there is one.
    public var adversary: Adversary?

    /// The usual training for a number of steps.
    public init(steps: Int, seed: UInt64) {
        self.steps = steps
        self.seed = seed
    }

    /// The learning rate of a step, which counts from 0: a straight rise, then half a cosine down to
    /// a fiftieth.
    public func rate(at step: Int) -> Double {
        CosineSchedule(rate: rate, warmUpSteps: warmUpSteps, steps: steps)[step]
    }

    /// Throws the first option that is out of its range.
    public func validate() throws(VisionError) {
        try check("steps", steps >= 1, "at least 1 is expected")
        try check("rate", rate > 0 && rate.isFinite, "a positive number is expected")
        try check("warm-up steps", warmUpSteps >= 0, "they cannot be negative")
        try check("quantization start", quantizationStart >= 0, "it cannot be negative")
        try check("decay", (0..<1).contains(decay), "a number from 0 to below 1 is expected")
        try check("gradient limit", gradientLimit > 0, "a positive number is expected")
        let weights = [absoluteWeight, squaredWeight, edgeWeight, commitmentWeight]
        try check(
            "weights",
            weights.allSatisfy { $0 >= 0 && $0.isFinite },
            "they cannot be negative"
        )
        try check("codebook decay", (0..<1).contains(codebookDecay), "0 to below 1 is expected")
        try check("revival share", (0..<1).contains(revivalShare), "0 to below 1 is expected")
        guard let adversary else { return }
        try check("adversary", adversary.startStep >= 0, "its start cannot be negative")
        try check("adversary", adversary.weight >= 0, "its weight cannot be negative")
        try check("adversary", (1...4096).contains(adversary.channels), "1 to 4096 channels")
    }

    private func check(_ name: String, _ isGood: Bool, _ problem: String) throws(VisionError) {
        if !isGood { throw .option(name: name, problem: problem) }
    }
}
