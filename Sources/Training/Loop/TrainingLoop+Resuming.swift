package import Basics
internal import Checkpoints
internal import Layers
package import Tensors

extension TrainingLoop: ResumableTraining {
    /// The number of all steps.
    package var totalStepCount: Int { options.schedule.stepCount }

    /// Takes one step and tells of it.
    package func takeStep() throws -> StepLog {
        let report = try step()
        return StepLog(
            members: report.members,
            note: report.loss.summary,
            skipReason: report.isSkipped
                ? .skipped(report.step) + "; its documents are in the log" : nil
        )
    }

    /// The weights of the model.
    package var modelTensors: [(name: String, tensor: Tensor)] {
        optimizer.parameters.map { ($0.spec.name, $0.tensor) }
    }

    /// The optimizer's moments.
    package var optimizerState: [(name: String, tensor: Tensor)] { optimizer.moments }

    /// Steps, updates and the position in the data.
    package var counters: JSON.Object {
        RunState(
            step: stepCount,
            updates: optimizer.updateCount,
            skipped: skippedCount,
            tokens: tokenCount,
            position: position
        ).json
    }

    /// Goes to where a saved run stood.
    package func resume(at counters: JSONReader) throws {
        try resume(RunState(counters))
    }
}

extension StepReport {
    /// The step as a line of the log.
    var members: [(key: String, value: JSON)] {
        var members: [(key: String, value: JSON)] = [("step", .integer(step))]
        members += loss.members()
        members += [
            ("learning_rate", .number(learningRate)),
            ("gradient_norm", gradientNorm.isFinite ? .number(gradientNorm) : .null),
            ("tokens", .integer(tokenCount)),
        ]
        if isSkipped {
            members.append(("skipped", true))
            let documents = origins.map {
                JSON.array([.integer($0.source), .integer($0.document)])
            }
            members.append(("documents", .array(documents)))
        }
        return members
    }
}
