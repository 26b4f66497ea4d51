internal import Basics
package import Vocabulary

/// What a run would do, as data: printed by `jam train --dry-run`.
package struct TrainingPlan: Sendable, Equatable {
    /// Weights that are moved by one rule.
    package struct Group: Sendable, Equatable {
        /// How, and which.
        package let group: OptimizerGroup
        /// How many numbers they have together.
        package let parameterCount: Int
    }

    /// One kind of data.
    package struct Source: Sendable, Equatable {
        /// What the recipe calls it.
        package let name: String
        /// Its share of the examples, from 0 to 1.
        package let share: Double
        /// The number of its documents that are learned from.
        package let documentCount: Int
        /// What the objective is called.
        package let objective: String
    }

    /// A token of the first example as it reaches the loss.
    package struct Target: Sendable, Equatable {
        /// Its number.
        package let token: TokenID
        /// What it is, as `"cat"`, `image code 7` or `<break>`.
        package let spelling: String
        /// What predicting it counts.
        package let weight: Float
    }

    /// The number of steps.
    package let stepCount: Int
    /// The tokens of a step, padding not counted.
    package let tokensPerStep: Int
    /// The passes of the first step.
    package let passCount: Int
    /// The share of the first step's tokens that are padding.
    package let paddingShare: Double
    /// The number of documents that are held out and measured.
    package let heldOutCount: Int
    /// The weights, in the order of the model.
    package let groups: [Group]
    /// The weight decay of the weights that decay.
    package let weightDecay: Double
    /// The data, in the order of the recipe.
    package let sources: [Source]
    /// The first example.
    package let firstExample: [Target]
}

extension TrainingPlan: CustomStringConvertible {
    /// A page of plain text.
    package var description: String {
        let head =
            "\(stepCount) steps of \(tokensPerStep) tokens in \(passCount) passes; "
            + "\(paddingShare.percent()) padding; \(heldOutCount) documents held out"
        let groups = groups.map { entry in
            let group = entry.group
            return "  \(group.members.count) weights, \(entry.parameterCount) parameters: "
                + "\(group.method.rawValue), "
                + (group.isFrozen ? "frozen" : "rate × \(group.learningRateMultiplier)") + ", "
                + (group.decays ? "weight decay \(weightDecay)" : "no weight decay")
        }
        let sources = sources.map {
            "  \($0.name): \($0.share.percent()) of the examples, from "
                + "\($0.documentCount) documents, \($0.objective)"
        }
        let example = firstExample.map {
            "  \($0.weight == 0 ? "·" : "\($0.weight)")\t\($0.token)\t\($0.spelling)"
        }
        let lines = [head] + groups + sources
        let title = ["the first example, token by token, with its loss weight:"]
        return (lines + title + example).joined(separator: "\n")
    }
}
