import Checkpoints
import Layers
import Vocabulary

extension TrainingJob {
    /// What a run would do, and the first example as it reaches the loss.
    package var plan: TrainingPlan {
        var stream = mixture
        let data = loop.options.sizes.nextStep(from: &stream, padding: loop.padding)
        var first = mixture
        let example = first.peek().example
        let weights = mixture.sources.reduce(0) { $0 + $1.weight }
        return TrainingPlan(
            stepCount: recipe.schedule.stepCount,
            tokensPerStep: recipe.tokensPerStep,
            passCount: data.batches.count,
            paddingShare: data.paddingShare,
            heldOutCount: heldOut.count,
            groups: loop.optimizer.groups.map { group in
                let parameters = group.members.map { loop.optimizer.parameters[$0].spec.count }
                return TrainingPlan.Group(group: group, parameterCount: parameters.reduce(0, +))
            },
            weightDecay: recipe.optimizer.weightDecay,
            sources: mixture.sources.map { source in
                TrainingPlan.Source(
                    name: source.name,
                    share: source.weight / weights,
                    documentCount: source.sequences.count,
                    objective: source.objective.name
                )
            },
            firstExample: zip(example.tokens, example.weights).map { token, weight in
                TrainingPlan.Target(token: token, spelling: spelling(token), weight: weight)
            }
        )
    }

    private func spelling(_ token: TokenID) -> String {
        switch tokenizer.space.kind(of: token) {
        case .text: "\"\(tokenizer.decode([token]))\""
        case .image(let code): "image code \(code)"
        case .specialToken(let specialToken): specialToken.spelling
        case .unused: "unused"
        }
    }
}
