/// How the next token is chosen from the model's probabilities.
public enum Sampling: Sendable, Equatable {
    /// The most probable token.
    case greedy
    /// At random, with the logits divided by `temperature`, among the most probable tokens that
    /// together have `topP` of the probability (nucleus sampling, Holtzman et al., 2020).
    case sampled(temperature: Double, topP: Double)

    /// Samples at a temperature; 0 is greedy.
    public init(temperature: Double, topP: Double) {
        self = temperature == 0 ? .greedy : .sampled(temperature: temperature, topP: topP)
    }

    /// The temperature; 0 if greedy.
    public var temperature: Double {
        guard case .sampled(let temperature, _) = self else { return 0 }
        return temperature
    }

    /// The probability of the nucleus; 1 if greedy.
    public var topP: Double {
        guard case .sampled(_, let topP) = self else { return 1 }
        return topP
    }
}
