/// How the next token is chosen from the model's probabilities.
public enum Sampling: Sendable, Equatable {
    /// Always the most probable token.
    case greedy
    /// At random, after dividing the logits by `temperature`, among the most probable tokens that
    /// together hold `topP` of the probability (Holtzman et al., 2020).
    case sampled(temperature: Double, topP: Double)
}
