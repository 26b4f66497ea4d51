package import Checkpoints

/// Weights that are moved by the same rule with the same settings.
package struct OptimizerGroup: Sendable, Equatable {
    /// The rule.
    package let method: OptimizerOptions.Method
    /// What the learning rate is multiplied by; zero for frozen weights.
    package let learningRateMultiplier: Double
    /// Whether the weights decay.
    package let decays: Bool
    /// The indices of the weights among those that were grouped.
    package internal(set) var members: [Int]

    /// Whether the weights stay as they are.
    package var isFrozen: Bool { learningRateMultiplier == 0 }
}

extension OptimizerOptions {
    /// Sorts weights into groups, in the order in which the first of each comes.
    ///
    /// - Throws: ``OptimizerError`` if a beginning of ``rateFactors`` fits no weight, a factor is
    ///   negative, or all weights are frozen.
    package func groups(of specs: [ParameterSpec]) throws(OptimizerError) -> [OptimizerGroup] {
        for (prefix, factor) in learningRateMultipliers.sorted(by: { $0.key < $1.key }) {
            guard factor >= 0, factor.isFinite else {
                throw .factor(prefix: prefix, found: factor)
            }
            guard specs.contains(where: { $0.name.hasPrefix(prefix) }) else {
                throw .prefix(prefix, examples: Self.beginnings(of: specs))
            }
        }
        var groups: [OptimizerGroup] = []
        for (index, spec) in specs.enumerated() {
            let factor = learningRateMultiplier(of: spec.name)
            let decays = spec.role.multiplies && factor > 0
            let method = spec.role.multiplies ? self.method : .adamW
            if let place = groups.firstIndex(where: {
                $0.method == method && $0.learningRateMultiplier == factor && $0.decays == decays
            }) {
                groups[place].members.append(index)
            } else {
                groups.append(
                    OptimizerGroup(
                        method: method,
                        learningRateMultiplier: factor,
                        decays: decays,
                        members: [index]
                    )
                )
            }
        }
        guard groups.contains(where: { !$0.isFrozen }) else { throw .allFrozen }
        return groups
    }

    private static func beginnings(of specs: [ParameterSpec]) -> [String] {
        var beginnings: [String] = []
        for spec in specs {
            let beginning = spec.name.split(separator: ".").prefix(2).joined(separator: ".")
            if !beginnings.contains(beginning) { beginnings.append(beginning) }
        }
        return beginnings
    }
}

extension ParameterSpec.Role {
    /// Whether all of the weight multiplies all that passes.
    ///
    /// Then Muon can move it, and decay helps: that harms rows that are seldom seen, and gains, whose
    /// natural value is not zero.
    var multiplies: Bool {
        switch self {
        case .matrix, .kernel: true
        case .table, .positions, .head, .bias, .gain: false
        }
    }
}
