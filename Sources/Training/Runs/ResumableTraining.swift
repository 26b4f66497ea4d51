package import Basics
package import Tensors

/// A training that goes step by step, and that can be saved after any step and go on from there.
///
/// What ``RunFolder`` saves and ``TrainingRun`` drives, whatever it teaches.
package protocol ResumableTraining: AnyObject {
    /// The number of steps done.
    var stepCount: Int { get }
    /// The number of all steps.
    var totalStepCount: Int { get }
    /// Takes one step.
    func takeStep() throws -> StepLog
    /// The weights by name: `model.safetensors` of a saved step.
    var modelTensors: [(name: String, tensor: Tensor)] { get }
    /// What else the next step depends on, as moments: `optimizer.safetensors` of a saved step.
    var optimizerState: [(name: String, tensor: Tensor)] { get }
    /// What is no tensor: in `state.json` of a saved step.
    var counters: JSON.Object { get }
    /// Goes to where the counters were taken; the tensors are overwritten already.
    func resume(at counters: JSONReader) throws
}

extension ResumableTraining {
    /// Whether all steps are done.
    package var isDone: Bool { stepCount >= totalStepCount }
}

/// What a step tells those who watch.
package struct StepLog: Sendable {
    /// The members of its line in the log, the step first.
    package var members: [(key: String, value: JSON)]
    /// How far things are, in a few words.
    package var note: String
    /// Why the step changed nothing, if it was skipped; a run is not saved after such a step.
    package var skipReason: String?

    /// Puts the news together.
    package init(members: [(key: String, value: JSON)], note: String, skipReason: String? = nil) {
        self.members = members
        self.note = note
        self.skipReason = skipReason
    }
}

extension String {
    /// Why a step changed nothing.
    static func skipped(_ step: Int) -> String {
        "step \(step): loss or gradients are no numbers; the step is skipped"
    }
}
