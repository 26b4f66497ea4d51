import Basics
import Checkpoints
import Layers
import Vocabulary

extension TrainingJob {
    /// What a run would do, and the first example as it reaches the loss.
    public var plan: String {
        var stream = mixture
        let sizes = loop.options.sizes
        let data = sizes.nextStep(from: &stream, padding: loop.padding)
        var lines = [
            "\(recipe.schedule.stepCount) steps of \(recipe.tokensPerStep) tokens in "
                + "\(data.batches.count) passes; \(percent(data.paddingShare)) padding; "
                + "\(heldOut.count) documents held out"
        ]
        for group in loop.optimizer.groups {
            let parameters = group.members.reduce(0) {
                $0 + loop.optimizer.parameters[$1].spec.count
            }
            let rate = group.isFrozen ? "frozen" : "rate × \(group.rateFactor)"
            lines.append(
                "  \(group.members.count) weights, \(parameters) parameters: "
                    + "\(group.method.rawValue), \(rate), "
                    + (group.decays ? "decay \(recipe.optimizer.decay)" : "no decay")
            )
        }
        let weights = mixture.sources.reduce(0) { $0 + $1.weight }
        for source in mixture.sources {
            lines.append(
                "  \(source.name): \(percent(source.weight / weights)) of the examples, from "
                    + "\(source.sequences.count) documents, \(source.objective.name)"
            )
        }
        var first = mixture
        lines.append("the first example, token by token, with its loss weight:")
        let example = first.peek().example
        for (token, weight) in zip(example.tokens, example.weights) {
            lines.append("  \(weight == 0 ? "·" : "\(weight)")\t\(token)\t\(spelling(token))")
        }
        return lines.joined(separator: "\n")
    }

    private func spelling(_ token: TokenID) -> String {
        switch tokenizer.space.kind(of: token) {
        case .text: "\"\(tokenizer.decode([token]))\""
        case .image(let code): "image code \(code)"
        case .marker(let marker): marker.spelling
        case .unused: "unused"
        }
    }

    private func percent(_ share: Double) -> String {
        "\(Int((share * 100).rounded())) %"
    }
}
