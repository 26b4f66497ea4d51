internal import Foundation

/// A learning rate that rises straight, then falls along half a cosine to a fiftieth.
struct CosineSchedule {
    let rate: Double
    let warmUpSteps: Int
    let steps: Int

    /// The rate at a step, which counts from 0.
    subscript(step: Int) -> Double {
        if step < warmUpSteps { return rate * Double(step + 1) / Double(warmUpSteps) }
        let progress = min(1, Double(step - warmUpSteps) / Double(max(1, steps - warmUpSteps)))
        return rate * (0.02 + 0.98 * 0.5 * (1 + cos(.pi * progress)))
    }
}
