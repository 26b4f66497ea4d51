internal import Basics
package import Vocabulary

/// The loss of predicted tokens, by modality.
package struct LossReport: Sendable, Equatable {
    /// The kind of a predicted token.
    package enum Modality: String, Sendable, CaseIterable {
        case text
        case image
        case special
    }

    /// The sums over some predicted tokens.
    package struct Sum: Sendable, Equatable {
        package var count = 0
        /// The sum of the loss weights.
        package var weight = 0.0
        /// The sum of the weighted losses, in nats.
        package var loss = 0.0

        /// The weighted mean of the losses, in nats; `nil` without any.
        package var mean: Double? { weight > 0 ? loss / weight : nil }

        mutating func add(_ other: Sum) {
            count += other.count
            weight += other.weight
            loss += other.loss
        }
    }

    /// The sums of each modality that occurred.
    package private(set) var sums: [Modality: Sum] = [:]

    package init() {}

    /// The sums of all modalities together.
    package var total: Sum {
        sums.values.reduce(into: Sum()) { $0.add($1) }
    }

    /// The weighted mean of all losses, in nats; `nil` without any.
    package var mean: Double? { total.mean }

    /// The weighted mean of one modality, in nats; `nil` without any.
    package subscript(modality: Modality) -> Double? { sums[modality]?.mean }

    package mutating func add(_ other: LossReport) {
        for (modality, sum) in other.sums { sums[modality, default: Sum()].add(sum) }
    }

    /// Adds the losses of predicted tokens.
    mutating func add(_ losses: [Float], of batch: Batch, in space: TokenSpace) {
        for (index, target) in batch.targets.enumerated() {
            let modality = space.modality(of: target)
            let weight = Double(batch.weights[index])
            sums[modality, default: Sum()].count += 1
            sums[modality, default: Sum()].weight += weight
            sums[modality, default: Sum()].loss += weight * Double(losses[index])
        }
    }

    /// The means as values of a log line: `loss`, `loss_text` and so on.
    func values(prefix: String = "") -> [(key: String, value: JSON)] {
        var values: [(key: String, value: JSON)] = [(prefix + "loss", .finite(mean))]
        for modality in Modality.allCases {
            guard let sum = sums[modality] else { continue }
            values.append(("\(prefix)loss_\(modality.rawValue)", .finite(sum.mean)))
        }
        return values
    }
}

extension TokenSpace {
    package func modality(of token: TokenID) -> LossReport.Modality {
        if image.contains(token) { return .image }
        return text.contains(token) ? .text : .special
    }
}

extension LossReport {
    /// The means as text: `loss 2.310 (text 3.101, image 1.920)`.
    package var summary: String {
        func text(_ value: Double?) -> String {
            guard let value, value.isFinite, abs(value) < 1e12 else { return "none" }
            return value.decimals(3)
        }
        let parts = Modality.allCases.compactMap { modality in
            sums[modality] == nil ? nil : "\(modality.rawValue) \(text(self[modality]))"
        }
        return "loss \(text(mean)) (\(parts.joined(separator: ", ")))"
    }
}
