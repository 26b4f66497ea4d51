package import Basics
package import Tensors

/// A model in training: what a ``ResumableRun`` drives, saves and resumes.
///
/// Every random choice is a function of the seed and the counters, so there is no other random
/// state.
package protocol ResumableTraining: AnyObject {
    /// The number of steps done, and of all steps.
    var steps: StepCounter { get }
    /// Takes one step.
    ///
    /// - Throws: `TorchError`, and ``TrainingError/diverged(step:count:)``.
    func step() throws -> StepLog
    /// The weights by name: `model.safetensors` of a saved step.
    var modelTensors: [(name: String, tensor: Tensor)] { get }
    /// All other tensors that the next step depends on: `optimizer.safetensors` of a saved step.
    var optimizerState: [(name: String, tensor: Tensor)] { get }
    /// All other state: `counters` in `state.json` of a saved step.
    var counters: JSON.Object { get }
    /// Restores the counters; the tensors are restored before.
    func resume(at counters: JSONReader) throws
}

extension ResumableTraining {
    package var isDone: Bool { steps.count >= steps.schedule.stepCount }
}
