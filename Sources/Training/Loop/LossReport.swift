package import Basics
package import Vocabulary

/// The loss of predicting tokens, by what the tokens are.
package struct LossReport: Sendable, Equatable {
    /// What a predicted token is.
    package enum Modality: String, Sendable, CaseIterable {
        /// A token of a text.
        case text
        /// The code of an image.
        case image
        /// A special token that structures a document.
        case special
    }

    /// Losses and how many they are.
    package struct Sum: Sendable, Equatable {
        /// The number of predicted tokens.
        package var count = 0
        /// The sum of their weights.
        package var weight = 0.0
        /// The sum of their weighted losses.
        package var loss = 0.0

        /// The weighted mean of the losses, in nats; `nil` without any.
        package var mean: Double? { weight > 0 ? loss / weight : nil }

        mutating func add(_ other: Sum) {
            count += other.count
            weight += other.weight
            loss += other.loss
        }
    }

    /// The sums of each modality that was there.
    package private(set) var sums: [Modality: Sum] = [:]

    /// A report without losses.
    package init() {}

    /// The sums of all modalities together.
    package var total: Sum {
        sums.values.reduce(into: Sum()) {
            $0.add($1)
        }
    }

    /// The weighted mean of all losses, in nats; `nil` without any.
    package var mean: Double? { total.mean }

    /// The weighted mean of one modality, in nats; `nil` without any.
    package subscript(modality: Modality) -> Double? { sums[modality]?.mean }

    /// Adds the losses of another report.
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

    /// The means as members of a log line: `loss`, and `loss_text` and so on where there are any.
    package func members(prefix: String = "") -> [(key: String, value: JSON)] {
        var members: [(key: String, value: JSON)] = [(prefix + "loss", .finite(mean))]
        for modality in Modality.allCases {
            guard let sum = sums[modality] else { continue }
            members.append(("\(prefix)loss_\(modality.rawValue)", .finite(sum.mean)))
        }
        return members
    }
}

extension TokenSpace {
    /// What a token is.
    package func modality(of token: TokenID) -> LossReport.Modality {
        if image.contains(token) { return .image }
        return text.contains(token) ? .text : .special
    }
}

extension LossReport {
    /// The means in words, as `loss 2.310 (text 3.101, image 1.920)`.
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
