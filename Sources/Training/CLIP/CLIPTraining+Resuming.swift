package import Basics
internal import Checkpoints
internal import Layers
package import Tensors
internal import Vision

extension CLIPTraining: ResumableTraining {
    /// The number of all steps.
    package var totalStepCount: Int { options.schedule.stepCount }

    /// Takes one step and tells of it.
    package func takeStep() throws -> StepLog {
        let metrics = try step()
        return StepLog(
            members: [
                ("step", .integer(metrics.step)),
                ("loss", .finite(metrics.loss)),
                ("scale", .finite(metrics.scale)),
                ("learning_rate", .finite(metrics.learningRate)),
            ],
            note: "loss \(metrics.loss.decimals(3)), scale \(metrics.scale.decimals(1))",
            skipReason: metrics.isSkipped ? .skipped(metrics.step) : nil
        )
    }

    /// The weights of the model.
    package var modelTensors: [(name: String, tensor: Tensor)] {
        clip.store.parameters.map { ($0.spec.name, $0.tensor) }
    }

    /// The moments.
    package var optimizerState: [(name: String, tensor: Tensor)] { optimizer.moments }

    /// Steps and updates; all else follows from them and the seed.
    package var counters: JSON.Object {
        ["step": .integer(stepCount), "updates": .integer(optimizer.updateCount)]
    }

    /// Goes to a step whose tensors are restored.
    package func resume(at counters: JSONReader) throws {
        stepCount = try counters.integer("step", atLeast: 0)
        optimizer.resume(updateCount: try counters.integer("updates", atLeast: 0))
    }
}
