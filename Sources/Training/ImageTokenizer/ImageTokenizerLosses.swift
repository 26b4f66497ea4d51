/// The losses of an image tokenizer, and how its codebook is updated.
package struct ImageTokenizerLosses: Sendable, Equatable {
    /// A patch discriminator (VQGAN, Esser et al., 2021).
    package struct Discriminator: Sendable, Equatable {
        /// The step at which it joins, when images are good already.
        package var startStep: Int
        /// The weight of the generator loss.
        package var weight: Double
        /// The channels of its first layer.
        package var channels: Int

        package init(startStep: Int, weight: Double, channels: Int = 64) {
            precondition(startStep >= 0 && weight >= 0 && channels > 0)
            self.startStep = startStep
            self.weight = weight
            self.channels = channels
        }
    }

    /// A perceptual loss: the difference of a network's features.
    package struct Perceptual: Sendable, Equatable {
        package enum Features: Sendable, Equatable {
            /// Those of the discriminator, once it has joined (Larsen et al., 2016).
            case discriminator
            /// Those of the CLIP model in a folder, which is not trained.
            case clip(folder: String)
        }

        package var features: Features
        package var weight: Double

        package init(_ features: Features, weight: Double) {
            precondition(weight >= 0)
            self.features = features
            self.weight = weight
        }
    }

    package enum CodebookUpdate: Sendable, Equatable {
        /// Each code is the exponential moving average of the vectors that choose it.
        case ema
        /// By the gradient of the weighted distance between the codes and the vectors that choose
        /// them (van den Oord et al., 2017, equation 3).
        case gradient(weight: Double)
    }

    /// The step from which on the decoder sees codes.
    ///
    /// Before, it sees the encoder's vectors, which converge faster without quantization noise.
    package var quantizationStart = 0
    /// The weight of the mean absolute error of pixels.
    package var l1Weight = 1.0
    /// The weight of the mean squared error of pixels.
    package var l2Weight = 4.0
    /// The weight of the error of the differences between neighboring pixels.
    ///
    /// It sharpens images, but early in training it favors plain surfaces where an edge is
    /// uncertain: a weight of 1 cost 1.5 dB in the first 150 steps.
    package var edgeWeight = 0.0
    /// The weight of the distance between vectors and their codes.
    package var commitmentWeight = 0.25
    package var codebookUpdate = CodebookUpdate.ema
    /// The decay of the codebook's moving averages.
    package var codebookDecay = 0.98
    /// A code that is used less than this share of the mean is replaced by a vector of the batch.
    package var revivalShare = 0.1
    package var perceptual: Perceptual?
    package var discriminator: Discriminator?

    package init() {}
}
