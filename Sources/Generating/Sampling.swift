/// How the next token is chosen from the model's probabilities.
package enum Sampling: Sendable, Equatable {
    /// Always the most probable token.
    case greedy
    /// At random, after dividing the logits by `temperature`, among the most probable tokens that
    /// together hold `topP` of the probability (Holtzman et al., 2020).
    case sampled(temperature: Double, topP: Double)

    /// How text is chosen where nothing is said.
    package static let usualForText = Sampling.sampled(temperature: 0.5, topP: 0.9)
    /// How codes are chosen where nothing is said.
    package static let usualForImages = Sampling.sampled(temperature: 0.9, topP: 0.9)

    /// The temperature; 0 for the most probable token.
    package var temperature: Double {
        guard case .sampled(let temperature, _) = self else { return 0 }
        return temperature
    }

    /// The probability that tokens are sampled among; 1 for the most probable token.
    package var topP: Double {
        guard case .sampled(_, let topP) = self else { return 1 }
        return topP
    }

    /// Samples at a temperature; 0 is the most probable token.
    package init(temperature: Double, topP: Double) {
        self = temperature == 0 ? .greedy : .sampled(temperature: temperature, topP: topP)
    }
}
