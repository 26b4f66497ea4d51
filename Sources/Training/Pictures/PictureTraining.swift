public import Basics
internal import Checkpoints
public import Documents
import Layers
public import Tensors
public import Vision

/// Teaches an image tokenizer from pictures in memory, in an order that is a function of the seed.
public final class PictureTraining: ResumableTraining {
    /// The trainer with its tokenizer.
    public let trainer: ImageTokenizerTrainer
    private let pictures: [Picture]
    private let batchSize: Int

    /// Prepares to teach from `pictures`, of which there is at least one, `batchSize` at a step.
    public init(_ trainer: ImageTokenizerTrainer, _ pictures: [Picture], batchSize: Int) {
        precondition(!pictures.isEmpty && batchSize > 0)
        self.trainer = trainer
        self.pictures = pictures
        self.batchSize = batchSize
    }

    /// The number of steps done.
    public var stepCount: Int { trainer.stepsDone }

    /// The number of all steps.
    public var totalStepCount: Int { trainer.options.steps }

    /// Learns from the next batch.
    public func takeStep() throws -> StepNews {
        let first = stepCount * batchSize
        let batch = (first..<first + batchSize).map { place in
            let (epoch, index) = place.quotientAndRemainder(dividingBy: pictures.count)
            let order = KeyedPermutation(
                count: pictures.count,
                seed: trainer.options.seed,
                epoch: epoch
            )
            return pictures[order[index]]
        }
        let metrics = try trainer.step(batch)
        var members: [(key: String, value: JSON)] = [
            ("step", .integer(metrics.step)),
            ("loss", .number(metrics.loss)),
            ("absolute_error", .number(metrics.absoluteError)),
            ("edge_error", .number(metrics.edgeError)),
            ("signal_to_noise", .number(metrics.signalToNoise)),
            ("codes_in_use", .integer(metrics.codesInUse)),
            ("perplexity", .number(metrics.perplexity)),
            ("rate", .number(metrics.rate)),
        ]
        if let loss = metrics.discriminatorLoss {
            members.append(("discriminator_loss", .number(loss)))
        }
        let quality = (metrics.signalToNoise * 10).rounded() / 10
        return StepNews(
            members: members,
            note: "\(quality) dB, \(metrics.codesInUse) codes in use"
        )
    }

    /// The weights of the tokenizer.
    public var modelTensors: [(name: String, tensor: Tensor)] {
        trainer.store.parameters.map { ($0.spec.name, $0.tensor) }
    }

    /// Weights, moments and running means.
    public var companionTensors: [(name: String, tensor: Tensor)] {
        trainer.state.tensors.map { ($0.name, $0.tensor) }
    }

    /// The step; everything random follows from it and the seed.
    public var counters: JSON.Object { ["step": .integer(stepCount)] }

    /// Goes to a step whose tensors are restored.
    public func resume(at counters: JSONReader) throws {
        let step = try counters.integer("step", atLeast: 0)
        try trainer.restore(
            ImageTokenizerTrainerState(tensors: trainer.state.tensors, step: step)
        )
    }
}
