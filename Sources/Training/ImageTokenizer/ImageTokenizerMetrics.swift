/// What one training step has measured, on its own batch and before its weights moved.
public struct ImageTokenizerMetrics: Sendable, Equatable {
    /// The number of the step, from 1.
    public var step: Int
    /// The learning rate that was used.
    public var learningRate: Double
    /// The weighted sum that was made smaller.
    public var loss: Double
    /// The mean absolute error of pixels from -1 to 1.
    public var absoluteError: Double
    /// The mean absolute error of differences between neighbouring pixels.
    public var edgeError: Double
    /// The difference of features, once there are any.
    public var perceptualError: Double?
    /// The discriminator's own loss, once it has joined.
    public var discriminatorLoss: Double?
    /// The peak signal-to-noise ratio of the batch, in dB.
    public var signalToNoise: Double
    /// The number of codes that the running means count as used.
    public var codesInUse: Int
    /// e to the entropy of the codes' running frequencies.
    public var perplexity: Double
    /// Whether gradients were no numbers, so that the weights stayed as they were.
    public var isSkipped: Bool
}
