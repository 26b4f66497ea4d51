package import Checkpoints

/// Weights with the same optimizer and hyperparameters.
package struct OptimizerGroup: Sendable, Equatable {
    package let method: OptimizerOptions.Method
    /// 0 for frozen weights.
    package let learningRateMultiplier: Double
    package let decays: Bool
    /// The indices of the weights.
    package internal(set) var members: [Int]

    package var isFrozen: Bool { learningRateMultiplier == 0 }
}

extension OptimizerOptions {
    /// Groups the weights, in the order of the first weight of each group.
    ///
    /// - Throws: ``OptimizerError`` if a prefix of ``learningRateMultipliers`` fits no weight, a
    ///   multiplier is negative, or all weights are frozen.
    package func groups(of specs: [ParameterSpec]) throws(OptimizerError) -> [OptimizerGroup] {
        for (prefix, multiplier) in learningRateMultipliers.sorted(by: { $0.key < $1.key }) {
            guard multiplier >= 0, multiplier.isFinite else {
                throw .multiplier(prefix: prefix, found: multiplier)
            }
            guard specs.contains(where: { $0.name.hasPrefix(prefix) }) else {
                throw .prefix(prefix, examples: Self.prefixes(of: specs))
            }
        }
        var groups: [OptimizerGroup] = []
        for (index, spec) in specs.enumerated() {
            let multiplier = learningRateMultiplier(of: spec.name)
            let decays = spec.role.multiplies && multiplier > 0
            let method = spec.role.multiplies ? self.method : .adamW
            if let place = groups.firstIndex(where: {
                $0.method == method && $0.learningRateMultiplier == multiplier
                    && $0.decays == decays
            }) {
                groups[place].members.append(index)
            } else {
                groups.append(
                    OptimizerGroup(
                        method: method,
                        learningRateMultiplier: multiplier,
                        decays: decays,
                        members: [index]
                    )
                )
            }
        }
        guard groups.contains(where: { !$0.isFrozen }) else { throw .allFrozen }
        return groups
    }

    private static func prefixes(of specs: [ParameterSpec]) -> [String] {
        var prefixes: [String] = []
        for spec in specs {
            let prefix = spec.name.split(separator: ".").prefix(2).joined(separator: ".")
            if !prefixes.contains(prefix) { prefixes.append(prefix) }
        }
        return prefixes
    }
}

extension ParameterSpec.Role {
    /// Whether Muon and weight decay apply: decay harms embeddings of rare tokens, and norm
    /// weights, which are not near zero.
    var multiplies: Bool {
        switch self {
        case .matrix, .kernel: true
        case .table, .positions, .head, .bias, .scale: false
        }
    }
}
