internal import Basics
internal import Documents
internal import Foundation
internal import Layers
internal import Tensors
package import Vision
internal import Vocabulary

// B pairs of a batch, P width of a vector.

/// Teaches a CLIP model which texts and images belong together (Radford et al., 2021, section 2.3).
///
/// Of a batch of pairs, each text is to be told from all others by its image, and each image by
/// its text: the mean of both cross-entropies of similarities. The order of the pairs follows from
/// the seed; the same seed, pairs and thread count give the same weights bit for bit.
package final class CLIPTraining {
    /// How it is trained.
    package struct Options: Sendable, Equatable {
        /// The learning rate at each step.
        package var schedule: Schedule
        /// How the weights are moved.
        package var optimizer: OptimizerOptions
        /// The pairs of one step, which are told from each other.
        package var batchSize: Int
        /// What all randomness follows from.
        package var seed: UInt64

        /// Sets all of them.
        package init(
            schedule: Schedule,
            optimizer: OptimizerOptions = OptimizerOptions(),
            batchSize: Int,
            seed: UInt64
        ) {
            precondition(batchSize > 1, "a pair is told from others")
            self.schedule = schedule
            self.optimizer = optimizer
            self.batchSize = batchSize
            self.seed = seed
        }
    }

    /// The most that similarities are multiplied by: beyond, training becomes unstable.
    static let largestScale = 100.0

    /// The model, whose weights change with every step.
    package let clip: CLIPFolder
    /// How it is trained.
    package let options: Options
    /// The number of steps done.
    package internal(set) var stepCount = 0
    let optimizer: Optimizer
    private var skipped = SkippedSteps()
    private let pairs: [CaptionedImage]

    /// A training of a model from its weights on.
    ///
    /// - Parameters:
    ///   - clip: the model.
    ///   - options: how it is trained.
    ///   - pairs: what it learns from, as many as a batch at least.
    /// - Throws: `OptimizerError` for options that do not fit the weights.
    package init(_ clip: CLIPFolder, _ options: Options, on pairs: [CaptionedImage]) throws {
        precondition(pairs.count >= options.batchSize, "there is a batch to learn from")
        self.clip = clip
        self.options = options
        self.pairs = pairs
        optimizer = try Optimizer(clip.store.parameters, options.optimizer)
    }

    /// What one step has measured on its own batch, before the weights moved.
    package struct Metrics: Sendable, Equatable {
        /// The number of the step, from 1.
        package var step: Int
        /// The learning rate that was used.
        package var learningRate: Double
        /// The mean cross-entropy, in nats.
        package var loss: Double
        /// What similarities are multiplied by.
        package var scale: Double
        /// Whether loss or gradients were no numbers, so that the weights stayed as they were.
        package var isSkipped: Bool
    }

    /// Learns from the next batch.
    ///
    /// - Throws: ``TrainingError/diverged(step:count:)`` after three steps in a row whose gradients are
    ///   no numbers.
    @discardableResult
    package func step() throws -> Metrics {
        let batch = KeyedPermutation.batch(
            stepCount,
            of: options.batchSize,
            count: pairs.count,
            seed: options.seed
        )
        return try withTorchErrors { try learn(from: batch.map { pairs[$0] }) }
    }

    private func learn(from pairs: [CaptionedImage]) throws -> Metrics {
        let scale = exp(try clip.model.logitScale.item())
        let loss = clip.contrastiveLoss(of: pairs)
        loss.backward()
        let norm = optimizer.gradientNorm()
        let learningRate = options.schedule.learningRate(after: stepCount)
        if norm.isFinite {
            optimizer.update(learningRate: learningRate, norm: norm)
            withoutGradients {
                let limit = log(Self.largestScale)
                clip.model.logitScale.copy(from: clip.model.logitScale.clamped(to: 0...limit))
            }
        } else {
            optimizer.clearGradients()
        }
        stepCount += 1
        try skipped.record(stepCount, isSound: norm.isFinite)
        return Metrics(
            step: stepCount,
            learningRate: learningRate,
            loss: try loss.item(),
            scale: scale,
            isSkipped: !norm.isFinite
        )
    }
}

extension CLIPFolder {
    /// The mean cross-entropy of finding the image of each text and the text of each image, [].
    func contrastiveLoss(of pairs: [CaptionedImage]) -> Tensor {
        let scale = model.logitScale.exponential()
        let texts = model.embeddings(ofTexts: pairs.map(\.tokens))  // [B, P]
        let images = model.embeddings(ofPixels: preprocessing(cropped: pairs.map(\.image)))  // [B, P]
        let own = Tensor.range(0..<pairs.count)
        let weights = Tensor.full([pairs.count], 0.5 / Double(pairs.count))
        func loss(_ queries: Tensor, _ keys: Tensor) -> Tensor {
            (queries * scale).linearCrossEntropy(keys, targets: own, weights: weights).loss
        }
        return loss(texts, images) + loss(images, texts)
    }
}
