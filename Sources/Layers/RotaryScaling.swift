#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The scaling of rotary frequencies for sequences longer than those of pretraining.
package enum RotaryScaling: Sendable, Equatable {
    case none
    /// Frequencies divided by `factor` (position interpolation, Chen et al., 2023).
    case linear(factor: Double)
    /// A base that grows with sequences longer than the model's context; below it nothing is scaled.
    case dynamic(factor: Double)
    /// Llama 3.1: frequencies below `lowFrequencyFactor` turns in `originalContext` positions are
    /// divided by `factor`, those above `highFrequencyFactor` turns are unchanged, and those between
    /// are interpolated linearly.
    case llama3(
        factor: Double,
        lowFrequencyFactor: Double,
        highFrequencyFactor: Double,
        originalContext: Int
    )
    case yarn(YarnScaling)
    case longRope(LongRopeScaling)

    /// What cosines and sines are multiplied by.
    package var attentionFactor: Double {
        switch self {
        case .none, .linear, .dynamic, .llama3: 1
        case .yarn(let yarn): yarn.attentionFactor
        case .longRope(let rope): rope.attentionFactor
        }
    }

    /// The longest sequence with these frequencies; `nil` if there is no limit.
    package var longestSequence: Int? {
        guard case .longRope(let rope) = self else { return nil }
        return rope.originalContext
    }

    /// Scales the frequencies base^(-2i/W) of `width` rotated elements W.
    func callAsFunction(_ frequencies: [Float], base: Double, width: Int) -> [Float] {
        switch self {
        case .none, .dynamic: frequencies
        case .linear(let factor): frequencies.map { $0 / Float(factor) }
        case .llama3(let factor, let low, let high, let context):
            frequencies.map { frequency in
                let turns = Float(context) * frequency / (2 * .pi)
                let kept = (turns - Float(low)) / Float(high - low)
                let share = min(max(kept, 0), 1)
                return (1 - share) * frequency / Float(factor) + share * frequency
            }
        case .yarn(let yarn): yarn.scaled(frequencies, base: base, width: width)
        case .longRope(let rope): zip(frequencies, rope.shortFactors).map { $0 / Float($1) }
        }
    }
}

/// YaRN (Peng et al., 2023): low frequencies are divided by `factor`, high ones are unchanged, with a
/// ramp between.
package struct YarnScaling: Sendable, Equatable {
    package var factor: Double
    package var attentionFactor: Double
    /// The turns in `originalContext` positions at which the ramp begins and ends.
    package var fastTurns: Double
    package var slowTurns: Double
    package var originalContext: Int
    /// Whether the ends of the ramp are rounded to whole pairs.
    package var rounds: Bool

    package init(
        factor: Double,
        attentionFactor: Double,
        fastTurns: Double,
        slowTurns: Double,
        originalContext: Int,
        rounds: Bool
    ) {
        self.factor = factor
        self.attentionFactor = attentionFactor
        self.fastTurns = fastTurns
        self.slowTurns = slowTurns
        self.originalContext = originalContext
        self.rounds = rounds
    }

    /// The default attention factor, 0.1 m ln(factor) + 1 (section 3.4).
    package static func attentionFactor(of factor: Double, times m: Double = 1) -> Double {
        factor <= 1 ? 1 : 0.1 * m * log(factor) + 1
    }

    fileprivate func scaled(_ frequencies: [Float], base: Double, width: Int) -> [Float] {
        /// The pair that makes `turns` turns in the original context.
        func pair(_ turns: Double) -> Double {
            Double(width) * log(Double(originalContext) / (turns * 2 * .pi)) / (2 * log(base))
        }
        var (low, high) = (pair(fastTurns), pair(slowTurns))
        if rounds { (low, high) = (low.rounded(.down), high.rounded(.up)) }
        low = max(low, 0)
        high = min(high, Double(width - 1))
        if low == high { high += 0.001 }
        return frequencies.enumerated().map { index, frequency in
            let ramp = Float(min(max((Double(index) - low) / (high - low), 0), 1))
            return frequency / Float(factor) * ramp + frequency * (1 - ramp)
        }
    }
}

/// LongRoPE (Ding et al., 2024): each frequency is divided by a factor of its own.
///
/// Sequences longer than `originalContext` have other factors for all of their positions, so that
/// they are not continued from a cache; we support the short ones.
package struct LongRopeScaling: Sendable, Equatable {
    package var shortFactors: [Double]
    package var longFactors: [Double]
    package var attentionFactor: Double
    package var originalContext: Int

    package init(
        shortFactors: [Double],
        longFactors: [Double],
        attentionFactor: Double,
        originalContext: Int
    ) {
        self.shortFactors = shortFactors
        self.longFactors = longFactors
        self.attentionFactor = attentionFactor
        self.originalContext = originalContext
    }

    /// The default attention factor for a context that is `factor` times the original one.
    package static func attentionFactor(of factor: Double, originalContext: Int) -> Double {
        factor <= 1 ? 1 : (1 + log(factor) / log(Double(originalContext))).squareRoot()
    }
}
