/// What one training step has measured, on its own batch and before its weights moved.
package struct ImageTokenizerMetrics: Sendable, Equatable {
    /// The number of the step, from 1.
    package var step: Int
    /// The learning rate that was used.
    package var learningRate: Double
    /// The weighted sum that was made smaller.
    package var loss: Double
    /// The mean absolute error of pixels from -1 to 1.
    package var absoluteError: Double
    /// The mean absolute error of differences between neighbouring pixels.
    package var edgeError: Double
    /// The difference of features, once there are any.
    package var perceptualError: Double?
    /// The discriminator's own loss, once it has joined.
    package var discriminatorLoss: Double?
    /// The peak signal-to-noise ratio of the batch, in dB.
    package var signalToNoise: Double
    /// The number of codes that the running means count as used.
    package var codesInUse: Int
    /// e to the entropy of the codes' running frequencies.
    package var perplexity: Double
    /// Whether gradients were no numbers, so that the weights stayed as they were.
    package var isSkipped: Bool
}
