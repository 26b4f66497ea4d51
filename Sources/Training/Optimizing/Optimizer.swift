internal import Checkpoints
package import Layers
package import Tensors

/// Moves the weights of one model, group by group, and keeps their moments.
///
/// Weights and moments are float32. What Muon moves has a first moment only.
package final class Optimizer {
    /// How weights are moved.
    package let options: OptimizerOptions
    /// The weights by their settings, frozen ones included.
    package let groups: [OptimizerGroup]
    /// All weights of the model.
    package let parameters: [Parameter]
    /// The number of updates so far.
    package private(set) var updateCount = 0
    private var first: [Int: Tensor] = [:]
    private var second: [Int: Tensor] = [:]

    /// Prepares to move `parameters`; those that are not frozen begin to gather gradients.
    package init(_ parameters: [Parameter], _ options: OptimizerOptions) throws {
        self.options = options
        self.parameters = parameters
        groups = try options.groups(of: parameters.map(\.spec))
        for group in groups {
            for index in group.members {
                parameters[index].tensor.requiresGradient = !group.isFrozen
                guard !group.isFrozen else { continue }
                first[index] = Tensor.zeros(parameters[index].spec.shape)
                guard group.method == .adamW else { continue }
                second[index] = Tensor.zeros(parameters[index].spec.shape)
            }
        }
    }

    private var movingIndices: [Int] { groups.filter { !$0.isFrozen }.flatMap(\.members).sorted() }

    private var movingTensors: [Tensor] { movingIndices.map { parameters[$0].tensor } }

    /// The 2-norm of the gradients of all weights together.
    package func gradientNorm() -> Double { Tensors.gradientNorm(of: movingTensors) }

    /// Moves all weights by one step and forgets the gradients.
    ///
    /// - Parameters:
    ///   - learningRate: the learning rate before the groups' factors.
    ///   - norm: what ``gradientNorm()`` is; must be finite.
    package func update(learningRate: Double, norm: Double) {
        precondition(norm.isFinite, "an update by gradients that are no numbers")
        // The small number is torch's own: an exact comparison against it depends on it.
        let scale = options.clipNorm / (norm + 1e-6)
        if scale < 1 { scaleGradients(of: movingTensors, by: scale) }
        updateCount += 1
        for group in groups where !group.isFrozen {
            switch group.method {
            case .adamW: moveByAdamW(group, learningRate: learningRate)
            case .muon: moveByMuon(group, learningRate: learningRate)
            }
        }
        clearGradients()
    }

    private func moveByAdamW(_ group: OptimizerGroup, learningRate: Double) {
        stepAdamW(
            group.members.map { parameters[$0].tensor },
            first: group.members.compactMap { first[$0] },
            second: group.members.compactMap { second[$0] },
            count: updateCount,
            settings: AdamWStep(
                learningRate: learningRate * group.learningRateMultiplier,
                beta1: options.beta1,
                beta2: options.beta2,
                epsilon: options.epsilon,
                weightDecay: group.decays ? options.weightDecay : 0
            )
        )
    }

    private func moveByMuon(_ group: OptimizerGroup, learningRate: Double) {
        for index in group.members {
            guard let momentum = first[index] else { continue }
            stepMuon(
                parameters[index].tensor,
                momentum: momentum,
                learningRate: learningRate * group.learningRateMultiplier,
                momentumDecay: options.momentum,
                weightDecay: group.decays ? options.weightDecay : 0
            )
        }
    }

    /// The moments of all weights that move, as `first.<weight>` and `second.<weight>`.
    package var moments: [(name: String, tensor: Tensor)] {
        movingIndices.flatMap { index in
            let name = parameters[index].spec.name
            return [("first." + name, first[index]), ("second." + name, second[index])]
                .compactMap { name, moment in moment.map { (name, $0) } }
        }
    }

    /// Forgets the gradients; weights and moments stay as they are.
    package func clearGradients() {
        for tensor in movingTensors { tensor.clearGradient() }
    }

    /// Says that `count` updates have been made, as a saved state states.
    func resume(updateCount count: Int) { updateCount = count }
}
