#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The learning rate at each step.
package struct Schedule: Sendable, Equatable {
    /// How the learning rate goes on after the warm-up.
    package enum Shape: String, Sendable, CaseIterable {
        /// Half a cosine, down to the minimum at the last step (Loshchilov and Hutter, 2017).
        case cosine
        /// The highest learning rate until the end.
        case constant
    }

    /// The highest learning rate.
    package var learningRate: Double
    /// The number of steps in which the learning rate rises evenly from near zero to the highest.
    package var warmupSteps: Int
    /// The number of all steps, warm-up included.
    package var stepCount: Int
    /// The learning rate at the end, as a share of the highest.
    package var minimumRatio: Double
    /// How the learning rate goes on after the warm-up.
    package var shape: Shape

    /// Sets the schedule.
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

    /// The learning rate of the step after `done` steps: the first step is `learningRate(after: 0)`.
    ///
    /// Warm-up: learningRate · (done + 1) / warmupSteps, so that no step is wasted on a rate of zero. The
    /// minimum is reached by the last step and kept by any that follow.
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
