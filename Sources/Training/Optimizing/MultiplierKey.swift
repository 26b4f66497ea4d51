internal import Checkpoints

/// A key of the learning rate multipliers: a prefix of weight names, and maybe a group of rows in
/// brackets.
struct MultiplierKey {
    let spelling: String
    let prefix: String
    /// The rows of tables and heads; `nil` for whole weights.
    let group: RowGroup?

    /// - Throws: ``OptimizerError/rowGroup(key:found:)`` if the brackets hold no group.
    init(_ spelling: String) throws(OptimizerError) {
        self.spelling = spelling
        guard spelling.hasSuffix("]"), let bracket = spelling.lastIndex(of: "[") else {
            prefix = spelling
            group = nil
            return
        }
        let name = String(spelling[bracket...].dropFirst().dropLast())
        guard let group = RowGroup(rawValue: name) else {
            throw .rowGroup(key: spelling, found: name)
        }
        prefix = String(spelling[..<bracket])
        self.group = group
    }

    /// Whether the key names this weight or some of its rows.
    func fits(_ spec: ParameterSpec) -> Bool {
        spec.name.hasPrefix(prefix) && (group == nil || spec.role.hasTokenRows)
    }

    /// Whether the key yields where `other` fits, too: the longer prefix wins, then the one with a
    /// group.
    func yields(to other: MultiplierKey) -> Bool {
        (prefix.utf8.count, group?.rank ?? -1) < (other.prefix.utf8.count, other.group?.rank ?? -1)
    }
}

/// Successive rows with one learning rate multiplier.
package struct RowMultiplier: Sendable, Equatable {
    package let rows: Range<Int>
    /// 0 for frozen rows.
    package let multiplier: Double
}

extension [(key: MultiplierKey, multiplier: Double)] {
    /// The multipliers of all rows of a weight, where they differ; otherwise its only one.
    ///
    /// The keys are in an order in which later ones win.
    func multipliers(of spec: ParameterSpec, _ rows: TableRows?) -> [RowMultiplier] {
        let fitting = filter { $0.key.fits(spec) }
        let count = spec.shape.first ?? 1
        var ofWeight = 1.0
        var ofRows: [Double]?
        for (key, multiplier) in fitting {
            guard let group = key.group else {
                (ofWeight, ofRows) = (multiplier, nil)
                continue
            }
            var painted = ofRows ?? [Double](repeating: ofWeight, count: count)
            let first = rows?.first(of: spec) ?? 0
            for row in painted.indices where rows?.has(first + row, in: group) ?? false {
                painted[row] = multiplier
            }
            ofRows = painted
        }
        guard let ofRows else { return [RowMultiplier(rows: 0..<count, multiplier: ofWeight)] }
        var runs: [RowMultiplier] = []
        for (row, multiplier) in ofRows.enumerated() {
            if let last = runs.last, last.multiplier == multiplier {
                runs[runs.count - 1] = RowMultiplier(
                    rows: last.rows.lowerBound..<row + 1,
                    multiplier: multiplier
                )
            } else {
                runs.append(RowMultiplier(rows: row..<row + 1, multiplier: multiplier))
            }
        }
        return runs
    }
}

extension ParameterSpec.Role {
    /// Whether each row of the weight stands for a token.
    var hasTokenRows: Bool { self == .table || self == .head }
}
