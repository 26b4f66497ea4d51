#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The learning rate at each step.
public struct Schedule: Sendable, Equatable {
    /// How the rate goes on after the warm-up.
    public enum Shape: String, Sendable, CaseIterable {
        /// Half a cosine, down to the floor at the last step (Loshchilov and Hutter, 2017).
        case cosine
        /// The peak until the end.
        case constant
    }

    /// The highest rate.
    public var peak: Double
    /// The number of steps in which the rate rises evenly from near zero to the peak.
    public var warmUpSteps: Int
    /// The number of all steps, warm-up included.
    public var stepCount: Int
    /// The rate at the end, as a share of the peak.
    public var floor: Double
    /// How the rate goes on after the warm-up.
    public var shape: Shape

    /// Sets the schedule.
    public init(
        peak: Double,
        warmUpSteps: Int,
        stepCount: Int,
        floor: Double = 0.1,
        shape: Shape = .cosine
    ) {
        precondition(peak > 0 && warmUpSteps >= 0 && stepCount > 0 && (0...1).contains(floor))
        self.peak = peak
        self.warmUpSteps = warmUpSteps
        self.stepCount = stepCount
        self.floor = floor
        self.shape = shape
    }

    /// The rate of the step after `done` steps: the first step is `rate(after: 0)`.
    ///
    /// Warm-up: peak · (done + 1) / warmUpSteps, so that no step is wasted on a rate of zero. The
    /// floor is reached by the last step and kept by any that follow.
    public func rate(after done: Int) -> Double {
        if done < warmUpSteps { return peak * Double(done + 1) / Double(warmUpSteps) }
        switch shape {
        case .constant: return peak
        case .cosine:
            let length = Double(max(1, stepCount - 1 - warmUpSteps))
            let progress = min(1, Double(done - warmUpSteps) / length)
            return peak * (floor + (1 - floor) * 0.5 * (1 + cos(.pi * progress)))
        }
    }
}
