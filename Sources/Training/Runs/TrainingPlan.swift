internal import Checkpoints
internal import Layers

/// What a run will do, as a page of text.
package struct TrainingPlan: Sendable, CustomStringConvertible {
    var lines: [String] = []

    package init() {}

    /// Starts with a headline and the groups of the optimizer's weights.
    init(_ headline: String, _ optimizer: Optimizer) {
        lines = [headline]
        for group in optimizer.groups {
            let count = group.members.reduce(0) { $0 + optimizer.parameters[$1].spec.count }
            lines.append(
                "  \(group.members.count) weights, \(count) parameters: \(group.method.rawValue), "
                    + (group.isFrozen
                        ? "frozen" : "learning rate × \(group.learningRateMultiplier)")
                    + ", "
                    + (group.decays
                        ? "weight decay \(optimizer.options.weightDecay)" : "no weight decay")
            )
        }
    }

    package var description: String { lines.joined(separator: "\n") }
}
