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
                    + group.learningRates + ", "
                    + (group.decays
                        ? "weight decay \(optimizer.options.weightDecay)" : "no weight decay")
            )
        }
    }

    package var description: String { lines.joined(separator: "\n") }
}

extension OptimizerGroup {
    /// Such as `learning rate × 0.5`, `frozen`, or `17 rows learning rate × 1.0, 840 rows frozen`.
    fileprivate var learningRates: String {
        func words(_ multiplier: Double) -> String {
            multiplier == 0 ? "frozen" : "learning rate × \(multiplier)"
        }
        guard !rows.isEmpty else { return words(learningRateMultiplier) }
        return Set(rows.map(\.multiplier)).sorted(by: >).map { multiplier in
            let count = rows.reduce(0) { $0 + ($1.multiplier == multiplier ? $1.rows.count : 0) }
            return "\(count) rows \(words(multiplier))"
        }.joined(separator: ", ")
    }
}
