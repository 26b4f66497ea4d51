#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The learning rate at each step.
package struct Schedule: Sendable, Equatable {
    /// The learning rate after the warmup.
    package enum Shape: String, Sendable, CaseIterable {
        /// Half a cosine, down to the minimum at the last step (Loshchilov and Hutter, 2017).
        case cosine
        case constant
    }

    package var learningRate: Double
    /// The steps in which the learning rate rises linearly from near zero.
    package var warmupSteps: Int
    /// The number of all steps, warmup included.
    package var stepCount: Int
    /// The ratio of the last learning rate and the highest.
    package var minimumRatio: Double
    package var shape: Shape

    package init(
        learningRate: Double,
        warmupSteps: Int,
        stepCount: Int,
        minimumRatio: Double = 0.1,
        shape: Shape = .cosine
    ) {
        precondition(
            learningRate > 0 && warmupSteps >= 0 && stepCount > 0 && (0...1).contains(minimumRatio)
        )
        self.learningRate = learningRate
        self.warmupSteps = warmupSteps
        self.stepCount = stepCount
        self.minimumRatio = minimumRatio
        self.shape = shape
    }

    /// The learning rate of the step after `done` steps; it is never zero during the warmup, and
    /// the last step has the minimum.
    package func learningRate(after done: Int) -> Double {
        if done < warmupSteps { return learningRate * Double(done + 1) / Double(warmupSteps) }
        switch shape {
        case .constant: return learningRate
        case .cosine:
            let length = Double(max(1, stepCount - 1 - warmupSteps))
            let progress = min(1, Double(done - warmupSteps) / length)
            return learningRate
                * (minimumRatio + (1 - minimumRatio) * 0.5 * (1 + cos(.pi * progress)))
        }
    }
}
