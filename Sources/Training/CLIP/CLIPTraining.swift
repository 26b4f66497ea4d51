package import Basics
internal import Checkpoints
internal import Documents
internal import Foundation
internal import Layers
package import Tensors
package import Vision
internal import Vocabulary

// B pairs of a batch, P width of the projection.

/// Trains a CLIP model by the contrastive loss (Radford et al., 2021, section 2.3).
///
/// The order of the pairs is a function of the seed. The same seed, pairs and number of threads
/// give the same weights bit for bit.
package final class CLIPTraining: ResumableTraining {
    /// The largest factor of similarities; beyond, training becomes unstable.
    private static let largestScale = 100.0

    package let clip: CLIPFolder
    package private(set) var steps: StepCounter
    private let pairs: [CaptionedImage]
    private let batchSize: Int
    private let options: TrainingOptions
    let optimizer: Optimizer

    /// Starts from the weights of `clip`, with pairs for at least one batch.
    ///
    /// - Throws: `OptimizerError` for options that do not fit the weights.
    package init(
        _ clip: CLIPFolder,
        on pairs: [CaptionedImage],
        batchSize: Int,
        _ options: TrainingOptions
    ) throws {
        precondition(batchSize > 1 && pairs.count >= batchSize, "there is a batch to contrast")
        self.clip = clip
        self.pairs = pairs
        self.batchSize = batchSize
        self.options = options
        steps = StepCounter(options.schedule)
        optimizer = try Optimizer(clip.store.parameters, options.optimizer)
    }

    @discardableResult
    package func step() throws -> StepLog {
        let batch = KeyedPermutation.batch(
            steps.count,
            of: batchSize,
            count: pairs.count,
            seed: options.seed
        ).map { pairs[$0] }
        return try withTorchErrors {
            let scale = exp(try clip.model.logitScale.item())
            let contrastiveLoss = clip.contrastiveLoss(of: batch)
            contrastiveLoss.backward()
            let loss = try contrastiveLoss.item()
            let update = try steps.update([optimizer], loss: loss)
            if !update.isSkipped {
                withoutGradients {
                    let limit = log(Self.largestScale)
                    clip.model.logitScale.copy(from: clip.model.logitScale.clamped(to: 0...limit))
                }
            }
            return StepLog(
                step: update.step,
                [
                    ("loss", .finite(loss)),
                    ("logit_scale", .finite(scale)),
                    ("learning_rate", .number(update.learningRate)),
                ],
                summary: "loss \(loss.decimals(3)), "
                    + "logit scale \(scale.decimals(1))",
                isSkipped: update.isSkipped
            )
        }
    }

    package var modelTensors: [(name: String, tensor: Tensor)] {
        clip.store.parameters.map { ($0.spec.name, $0.tensor) }
    }

    package var optimizerState: [(name: String, tensor: Tensor)] { optimizer.state }

    package var counters: JSON.Object {
        ["step": .integer(steps.count), "updates": .integer(optimizer.updateCount)]
    }

    package func resume(at counters: JSONReader) throws {
        steps.count = try counters.integer("step", atLeast: 0)
        optimizer.resume(updateCount: try counters.integer("updates", atLeast: 0))
    }
}

extension CLIPFolder {
    /// The mean cross-entropy of finding the image of each text, and the text of each image, among
    /// those of the batch [].
    func contrastiveLoss(of pairs: [CaptionedImage]) -> Tensor {
        let scale = model.logitScale.exponential()
        let pixels = preprocessing(cropped: pairs.map(\.image))
        let texts = model.embeddings(ofTexts: pairs.map(\.tokens))  // [B, P]
        let images = model.embeddings(ofPixels: pixels)  // [B, P]
        let targets = Tensor.range(0..<pairs.count)
        let weights = Tensor.full([pairs.count], 0.5 / Double(pairs.count))
        func loss(_ queries: Tensor, _ keys: Tensor) -> Tensor {
            (queries * scale).linearCrossEntropy(keys, targets: targets, weights: weights).loss
        }
        return loss(texts, images) + loss(images, texts)
    }

    /// How many pairs are evaluated at a time.
    private static var evaluationBatch: Int { 64 }

    /// How often the nearest image of a text is its own, and the nearest text of an image; equal
    /// texts count as one.
    func accuracies(on pairs: [CaptionedImage]) throws -> (textToImage: Double, imageToText: Double)
    {
        try withTorchErrors {
            try withoutGradients {
                let texts = pairs.inChunks(of: Self.evaluationBatch) {
                    [model.embeddings(ofTexts: $0.map(\.tokens))]
                }
                let images = pairs.inChunks(of: Self.evaluationBatch) {
                    [model.embeddings(ofPixels: preprocessing(cropped: $0.map(\.image)))]
                }
                let similarities = model.similarities(
                    of: .concatenated(texts, along: 0),
                    to: .concatenated(images, along: 0)
                )
                func accuracy(_ dimension: Int) throws -> Double {
                    let nearest = try similarities.argmax(dimension).integers()
                    let right = nearest.enumerated().count {
                        pairs[$0.offset].tokens == pairs[$0.element].tokens
                    }
                    return Double(right) / Double(pairs.count)
                }
                return (textToImage: try accuracy(1), imageToText: try accuracy(0))
            }
        }
    }
}
