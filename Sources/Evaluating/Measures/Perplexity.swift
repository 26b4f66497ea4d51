internal import Foundation
package import Training

/// How well a model predicts given tokens.
package struct Perplexity: Sendable, Equatable {
    /// The sum of -ln p over the tokens, each times its weight.
    package let nats: Double
    /// The sum of the tokens' weights.
    package let weight: Double

    /// Sets both; the weight is above zero.
    package init(nats: Double, weight: Double) {
        precondition(weight > 0, "perplexity is of at least one token")
        self.nats = nats
        self.weight = weight
    }

    /// Takes the sums of one modality; `nil` without any token.
    package init?(_ sum: LossReport.Sum?) {
        guard let sum, sum.weight > 0 else { return nil }
        self.init(nats: sum.loss, weight: sum.weight)
    }

    /// The mean loss of a token in nats.
    package var loss: Double { nats / weight }

    /// e to the mean loss: a uniform choice among so many tokens would have the same loss.
    package var value: Double { exp(loss) }

    /// The mean loss of a token in bits.
    package var bits: Double { loss / log(2) }
}
