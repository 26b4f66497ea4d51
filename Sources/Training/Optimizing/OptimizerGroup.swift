package import Checkpoints

/// Weights with the same optimizer and hyperparameters.
package struct OptimizerGroup: Sendable, Equatable {
    package let method: OptimizerOptions.Method
    /// 0 for frozen weights; of weights whose rows differ, the highest.
    package let learningRateMultiplier: Double
    /// The multipliers of the rows of each weight; empty where they do not differ.
    package let rows: [RowMultiplier]
    package let decays: Bool
    /// The indices of the weights.
    package internal(set) var members: [Int]

    package var isFrozen: Bool { learningRateMultiplier == 0 }
}

extension OptimizerOptions {
    /// Groups the weights, in the order of the first weight of each group; `rows` is `nil` where the
    /// rows of tables and heads are not tokens.
    ///
    /// - Throws: ``OptimizerError`` if a key of ``learningRateMultipliers`` fits no weight or no
    ///   rows, a multiplier is negative, or all weights are frozen.
    package func groups(of specs: [ParameterSpec], rows: TableRows? = nil) throws(OptimizerError)
        -> [OptimizerGroup]
    {
        let keys = try keys(of: specs, rows: rows)
        var groups: [OptimizerGroup] = []
        for (index, spec) in specs.enumerated() {
            let runs = keys.multipliers(of: spec, rows)
            let multiplier = runs.reduce(0) { max($0, $1.multiplier) }
            let differing = runs.count > 1 ? runs : []
            let decays = spec.role.multiplies && multiplier > 0
            let method = spec.role.multiplies ? self.method : .adamW
            if let place = groups.firstIndex(where: {
                $0.method == method && $0.learningRateMultiplier == multiplier
                    && $0.rows == differing && $0.decays == decays
            }) {
                groups[place].members.append(index)
            } else {
                groups.append(
                    OptimizerGroup(
                        method: method,
                        learningRateMultiplier: multiplier,
                        rows: differing,
                        decays: decays,
                        members: [index]
                    )
                )
            }
        }
        guard groups.contains(where: { !$0.isFrozen }) else { throw .allFrozen }
        return groups
    }

    /// The keys of the multipliers in an order in which later ones win.
    private func keys(of specs: [ParameterSpec], rows: TableRows?) throws(OptimizerError)
        -> [(key: MultiplierKey, multiplier: Double)]
    {
        var keys: [(key: MultiplierKey, multiplier: Double)] = []
        for (spelling, multiplier) in learningRateMultipliers.sorted(by: { $0.key < $1.key }) {
            guard multiplier >= 0, multiplier.isFinite else {
                throw .multiplier(prefix: spelling, found: multiplier)
            }
            let key = try MultiplierKey(spelling)
            guard specs.contains(where: { $0.name.hasPrefix(key.prefix) }) else {
                throw .prefix(key.prefix, examples: Self.prefixes(of: specs))
            }
            guard specs.contains(where: key.fits) else {
                let tables = specs.filter(\.role.hasTokenRows).map(\.name)
                throw .noTable(key: spelling, tables: tables)
            }
            if let group = key.group {
                let tables = specs.filter(key.fits)
                guard let rows, tables.contains(where: { rows.hasRows(of: group, in: $0) }) else {
                    throw .noRows(key: spelling, group: group)
                }
            }
            keys.append((key, multiplier))
        }
        return keys.sorted { $0.key.yields(to: $1.key) }
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
