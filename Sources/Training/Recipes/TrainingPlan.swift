public import Vocabulary

/// What a run would do, as data: printed by `jam train --dry-run`.
public struct TrainingPlan: Sendable, Equatable {
    /// Weights that are moved by one rule.
    public struct Group: Sendable, Equatable {
        /// How, and which.
        public let group: OptimizerGroup
        /// How many numbers they have together.
        public let parameterCount: Int
    }

    /// One kind of data.
    public struct Source: Sendable, Equatable {
        /// What the recipe calls it.
        public let name: String
        /// Its share of the examples, from 0 to 1.
        public let share: Double
        /// The number of its documents that are learned from.
        public let documentCount: Int
        /// What the objective is called.
        public let objective: String
    }

    /// A token of the first example as it reaches the loss.
    public struct Target: Sendable, Equatable {
        /// Its number.
        public let token: TokenID
        /// What it is, as `"cat"`, `image code 7` or `<break>`.
        public let spelling: String
        /// What predicting it counts.
        public let weight: Float
    }

    /// The number of steps.
    public let stepCount: Int
    /// The tokens of a step, padding not counted.
    public let tokensPerStep: Int
    /// The passes of the first step.
    public let passCount: Int
    /// The share of the first step's tokens that are padding.
    public let paddingShare: Double
    /// The number of documents that are held out and measured.
    public let heldOutCount: Int
    /// The weights, in the order of the model.
    public let groups: [Group]
    /// The weight decay of the weights that decay.
    public let weightDecay: Double
    /// The data, in the order of the recipe.
    public let sources: [Source]
    /// The first example.
    public let firstExample: [Target]
}

extension TrainingPlan: CustomStringConvertible {
    /// A page of plain text.
    public var description: String {
        let head =
            "\(stepCount) steps of \(tokensPerStep) tokens in \(passCount) passes; "
            + "\(Self.percent(paddingShare)) padding; \(heldOutCount) documents held out"
        let groups = groups.map { entry in
            let group = entry.group
            return "  \(group.members.count) weights, \(entry.parameterCount) parameters: "
                + "\(group.method.rawValue), "
                + (group.isFrozen ? "frozen" : "rate × \(group.learningRateMultiplier)") + ", "
                + (group.decays ? "weight decay \(weightDecay)" : "no weight decay")
        }
        let sources = sources.map {
            "  \($0.name): \(Self.percent($0.share)) of the examples, from "
                + "\($0.documentCount) documents, \($0.objective)"
        }
        let example = firstExample.map {
            "  \($0.weight == 0 ? "·" : "\($0.weight)")\t\($0.token)\t\($0.spelling)"
        }
        let lines = [head] + groups + sources
        let title = ["the first example, token by token, with its loss weight:"]
        return (lines + title + example).joined(separator: "\n")
    }

    private static func percent(_ share: Double) -> String {
        "\(Int((share * 100).rounded())) %"
    }
}
