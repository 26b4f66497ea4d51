internal import Checkpoints
package import Layers
package import Tensors

/// AdamW or Muon for the weights of one model, all float32.
package final class Optimizer {
    package let options: OptimizerOptions
    /// The weights by their hyperparameters, frozen ones included.
    package let groups: [OptimizerGroup]
    /// All weights of the model.
    package let parameters: [Parameter]
    /// The number of updates so far.
    package private(set) var updateCount = 0
    private var first: [Int: Tensor] = [:]
    private var second: [Int: Tensor] = [:]

    /// Makes all parameters that are not frozen require gradients; `rows` is `nil` where the rows of
    /// tables and heads are not tokens.
    package init(
        _ parameters: [Parameter],
        _ options: OptimizerOptions,
        rows: TableRows? = nil
    ) throws {
        self.options = options
        self.parameters = parameters
        groups = try options.groups(of: parameters.map(\.spec), rows: rows)
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

    private var trainableIndices: [Int] {
        groups.filter { !$0.isFrozen }.flatMap(\.members).sorted()
    }

    /// The share of the parameters that are frozen, from 0 to 1.
    package var frozenShare: Double {
        var (frozen, all) = (0, 0)
        for group in groups {
            for index in group.members {
                let spec = parameters[index].spec
                all += spec.count
                let rows = group.rows.filter { $0.multiplier == 0 }.reduce(0) { $0 + $1.rows.count }
                let width = spec.count / max(1, spec.shape.first ?? 1)
                frozen += group.isFrozen ? spec.count : rows * width
            }
        }
        return Double(frozen) / Double(max(1, all))
    }

    private var trainableTensors: [Tensor] { trainableIndices.map { parameters[$0].tensor } }

    /// The global 2-norm of the gradients; those of frozen rows become zero.
    package func gradientNorm() -> Double {
        for group in groups where !group.isFrozen {
            for run in group.rows where run.multiplier == 0 {
                for index in group.members {
                    parameters[index].tensor.clearGradient(ofRows: run.rows)
                }
            }
        }
        return Tensors.gradientNorm(of: trainableTensors)
    }

    /// Clips the gradients, updates the weights, and clears the gradients.
    ///
    /// - Parameters:
    ///   - learningRate: the learning rate before the multipliers.
    ///   - norm: the ``gradientNorm()``, which must be finite.
    package func update(learningRate: Double, norm: Double) {
        precondition(norm.isFinite, "gradients are finite")
        // 1e-6 as in PyTorch's clip_grad_norm_.
        let scale = options.clipNorm / (norm + 1e-6)
        if scale < 1 { scaleGradients(of: trainableTensors, by: scale) }
        updateCount += 1
        for group in groups where !group.isFrozen {
            switch group.method {
            case .adamW:
                if group.rows.isEmpty {
                    updateByAdamW(group, learningRate: learningRate)
                } else {
                    updateRowsByAdamW(group, learningRate: learningRate)
                }
            case .muon: updateByMuon(group, learningRate: learningRate)
            }
        }
        clearGradients()
    }

    private func updateByAdamW(_ group: OptimizerGroup, learningRate: Double) {
        stepAdamW(
            group.members.map { parameters[$0].tensor },
            first: group.members.compactMap { first[$0] },
            second: group.members.compactMap { second[$0] },
            count: updateCount,
            settings: settings(group, learningRate: learningRate * group.learningRateMultiplier)
        )
    }

    /// Updates the rows that are not frozen, as if each run of rows were a weight.
    private func updateRowsByAdamW(_ group: OptimizerGroup, learningRate: Double) {
        for index in group.members {
            guard let first = first[index], let second = second[index] else { continue }
            for run in group.rows where run.multiplier > 0 {
                guard let rows = parameters[index].tensor.leaf(ofRows: run.rows) else { continue }
                stepAdamW(
                    [rows],
                    first: [first.narrowed(0, run.rows)],
                    second: [second.narrowed(0, run.rows)],
                    count: updateCount,
                    settings: settings(group, learningRate: learningRate * run.multiplier)
                )
            }
        }
    }

    private func settings(_ group: OptimizerGroup, learningRate: Double) -> AdamWStep {
        AdamWStep(
            learningRate: learningRate,
            beta1: options.beta1,
            beta2: options.beta2,
            epsilon: options.epsilon,
            weightDecay: group.decays ? options.weightDecay : 0
        )
    }

    private func updateByMuon(_ group: OptimizerGroup, learningRate: Double) {
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

    /// The moments, as `first.<weight>` and `second.<weight>`; Muon has only the first.
    package var state: [(name: String, tensor: Tensor)] {
        trainableIndices.flatMap { index in
            let name = parameters[index].spec.name
            return [("first." + name, first[index]), ("second." + name, second[index])]
                .compactMap { name, moment in moment.map { (name, $0) } }
        }
    }

    package func clearGradients() {
        for tensor in trainableTensors { tensor.clearGradient() }
    }

    /// Restores the number of updates; the moments are restored by ``state``.
    func resume(updateCount count: Int) { updateCount = count }
}
