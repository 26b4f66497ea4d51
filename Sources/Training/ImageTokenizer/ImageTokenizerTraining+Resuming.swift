package import Basics
internal import Checkpoints
internal import Layers
package import Tensors

extension ImageTokenizerTraining: ResumableTraining {
    /// The number of all steps.
    package var totalStepCount: Int { options.schedule.stepCount }

    /// Takes one step and tells of it.
    package func takeStep() throws -> StepLog {
        let metrics = try step()
        return StepLog(
            members: metrics.members,
            note: "\(metrics.signalToNoise.decimals(1)) dB, \(metrics.codesInUse) codes in use",
            skipReason: metrics.isSkipped ? .skipped(metrics.step) : nil
        )
    }

    /// The weights of the tokenizer.
    package var modelTensors: [(name: String, tensor: Tensor)] {
        store.parameters.map { ($0.spec.name, $0.tensor) }
    }

    /// The moments, the codebook's running means, and all of the discriminator.
    package var optimizerState: [(name: String, tensor: Tensor)] {
        let discriminator = discriminator.map { discriminator in
            discriminator.optimizer.parameters.map { ($0.spec.name, $0.tensor) }
                + discriminator.optimizer.moments
        }
        return optimizer.moments
            + [("codebook.counts", codebookEMA.counts), ("codebook.sums", codebookEMA.sums)]
            + (discriminator ?? [])
    }

    /// Steps and updates; all else follows from them and the seed.
    package var counters: JSON.Object {
        [
            "step": .integer(stepCount), "updates": .integer(optimizer.updateCount),
            "discriminator_updates": .integer(discriminator?.optimizer.updateCount ?? 0),
        ]
    }

    /// Goes to a step whose tensors are restored.
    package func resume(at counters: JSONReader) throws {
        stepCount = try counters.integer("step", atLeast: 0)
        optimizer.resume(updateCount: try counters.integer("updates", atLeast: 0))
        let updates = try counters.integer("discriminator_updates", atLeast: 0)
        discriminator?.optimizer.resume(updateCount: updates)
    }
}

extension ImageTokenizerMetrics {
    /// The step as a line of the log.
    fileprivate var members: [(key: String, value: JSON)] {
        var members: [(key: String, value: JSON)] = [
            ("step", .integer(step)),
            ("loss", .finite(loss)),
            ("absolute_error", .finite(absoluteError)),
            ("edge_error", .finite(edgeError)),
            ("signal_to_noise", .finite(signalToNoise)),
            ("codes_in_use", .integer(codesInUse)),
            ("perplexity", .finite(perplexity)),
            ("learning_rate", .finite(learningRate)),
        ]
        if let perceptualError { members.append(("perceptual_error", .finite(perceptualError))) }
        if let discriminatorLoss {
            members.append(("discriminator_loss", .finite(discriminatorLoss)))
        }
        return members
    }
}
