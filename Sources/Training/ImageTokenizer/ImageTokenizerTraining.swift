package import Basics
internal import Checkpoints
package import Documents
internal import Foundation
package import Layers
package import Tensors
package import Vision

/// Trains an image tokenizer from a random initialization.
///
/// The order of the images is a function of the seed. The same seed, images and number of threads
/// give the same weights bit for bit.
package final class ImageTokenizerTraining: ResumableTraining {
    package let tokenizer: ConvVQTokenizer
    package let store: ParameterStore
    package private(set) var steps: StepCounter
    let optimizer: Optimizer
    private let losses: ImageTokenizerLosses
    private let options: TrainingOptions
    private let codebookEMA: CodebookEMA
    private let discriminator: Discriminator?
    private let perceptualCLIP: CLIPFolder?
    private let images: [Image]
    private let batchSize: Int

    /// A discriminator in training.
    private struct Discriminator {
        let startStep: Int
        /// The weight of the generator loss.
        let weight: Double
        let network: PatchDiscriminator
        let optimizer: Optimizer
    }

    /// - Throws: what is wrong with the config, or the CLIP folder of the perceptual loss.
    package init(
        _ config: ConvVQConfig,
        _ losses: ImageTokenizerLosses,
        on images: [Image],
        batchSize: Int,
        _ options: TrainingOptions
    ) throws {
        precondition(!images.isEmpty && batchSize > 0, "there is an image to train on")
        self.losses = losses
        self.images = images
        self.batchSize = batchSize
        self.options = options
        steps = StepCounter(options.schedule)
        let source = InitializationSource(seed: options.seed)
        (tokenizer, store) = try ParameterStore.build(from: source) {
            try ConvVQTokenizer(config, $0)
        }
        let codebook = tokenizer.codebook
        optimizer = try Optimizer(
            store.parameters.filter {
                losses.codebookUpdate != .ema || $0.tensor !== codebook.weight
            },
            options.optimizer
        )
        if case .clip(let folder)? = losses.perceptual?.features {
            perceptualCLIP = try CLIPFolder(opening: CheckpointFolder(folder))
        } else {
            perceptualCLIP = nil
        }
        codebookEMA = CodebookEMA(codebook)
        discriminator = try losses.discriminator.map { discriminator in
            let (network, store) = try ParameterStore.build(from: source) {
                try PatchDiscriminator(channels: discriminator.channels, $0 / "discriminator")
            }
            return Discriminator(
                startStep: discriminator.startStep,
                weight: discriminator.weight,
                network: network,
                optimizer: try Optimizer(store.parameters, options.optimizer)
            )
        }
    }

    @discardableResult
    package func step() throws -> StepLog {
        let batch = KeyedPermutation.batch(
            steps.count,
            of: batchSize,
            count: images.count,
            seed: options.seed
        )
        return try withTorchErrors { try step(on: batch.map { images[$0] }) }
    }

    private func step(on images: [Image]) throws -> StepLog {
        let pixels = tokenizer.pixels(of: images)
        let isBypassing = steps.count < losses.quantizationStart
        let result = tokenizer.reconstruct(pixels, bypassing: isBypassing)
        let errors = ReconstructionLoss(result.pixels, pixels)
        let discriminator = self.discriminator.flatMap { steps.count >= $0.startStep ? $0 : nil }

        var loss =
            errors.absolute * losses.l1Weight + errors.squared * losses.l2Weight
            + errors.edges * losses.edgeWeight
            + result.quantized.commitment * (isBypassing ? 0 : losses.commitmentWeight)
        if case .gradient(let weight) = losses.codebookUpdate {
            let codebookLoss = tokenizer.codebook.codebookLoss(
                of: result.latents,
                result.quantized.codes
            )
            loss = loss + codebookLoss * weight
        }
        if let discriminator {
            loss = loss + discriminator.network.generatorLoss(result.pixels) * discriminator.weight
        }
        let perceptualLoss = perceptualLoss(result.pixels, pixels, discriminator?.network)
        if let perceptualLoss, let perceptual = losses.perceptual {
            loss = loss + perceptualLoss * perceptual.weight
        }
        loss.backward()
        let discriminatorLoss = discriminator.map { discriminator in
            // The generator loss has left gradients here, too.
            discriminator.optimizer.clearGradients()
            let loss = discriminator.network.loss(real: pixels, decoded: result.pixels)
            loss.backward()
            return loss
        }

        let codebookSeed = UInt64(steps.count)
        let update = try steps.update(
            [optimizer] + (discriminator.map { [$0.optimizer] } ?? []),
            loss: try loss.item()
        )
        if !update.isSkipped {
            var random = SeededGenerator(seed: options.seed, codebookSeed)
            try codebookEMA.update(tokenizer.codebook, by: result, losses, using: &random)
        }

        let psnr = 10 * log10(4 / (try errors.squared.item()))
        let frequencies = try codebookEMA.counts.floats().map(Double.init)
        let inUse = frequencies.reduce(0, +) / Double(frequencies.count) * losses.revivalShare
        let codesInUse = frequencies.count { $0 > inUse }
        var values: [(key: String, value: JSON)] = [
            ("loss", .finite(try loss.item())),
            ("loss_l1", .finite(try errors.absolute.item())),
            ("loss_edge", .finite(try errors.edges.item())),
            ("psnr", .finite(psnr)),
            ("codes_in_use", .integer(codesInUse)),
            ("codebook_perplexity", .finite(ConvVQTokenizer.perplexity(of: frequencies))),
            ("learning_rate", .number(update.learningRate)),
        ]
        if let perceptualLoss {
            values.append(("loss_perceptual", .finite(try perceptualLoss.item())))
        }
        if let discriminatorLoss {
            values.append(("loss_discriminator", .finite(try discriminatorLoss.item())))
        }
        return StepLog(
            step: update.step,
            values,
            summary: "\(psnr.decimals(1)) dB, \(codesInUse) codes in use",
            isSkipped: update.isSkipped
        )
    }

    /// The difference of the features of decoded and original pixels; `nil` before there are any.
    private func perceptualLoss(
        _ decoded: Tensor,
        _ original: Tensor,
        _ discriminator: PatchDiscriminator?
    ) -> Tensor? {
        switch losses.perceptual?.features {
        case nil: return nil
        case .discriminator:
            return discriminator.map { network in
                let features = withoutGradients { network.features(of: original) }
                return PerceptualLoss.of(network.features(of: decoded), features)
            }
        case .clip:
            var random = SeededGenerator(seed: options.seed, UInt64(steps.count), 1)
            return perceptualCLIP.map {
                PerceptualLoss.of(decoded, original, by: $0, using: &random)
            }
        }
    }

    package var modelTensors: [(name: String, tensor: Tensor)] {
        store.parameters.map { ($0.spec.name, $0.tensor) }
    }

    /// The optimizer state, the codebook's moving averages, and the discriminator with its
    /// optimizer state.
    package var optimizerState: [(name: String, tensor: Tensor)] {
        let discriminator = discriminator.map { discriminator in
            discriminator.optimizer.parameters.map { ($0.spec.name, $0.tensor) }
                + discriminator.optimizer.state
        }
        return optimizer.state
            + [("codebook.counts", codebookEMA.counts), ("codebook.sums", codebookEMA.sums)]
            + (discriminator ?? [])
    }

    package var counters: JSON.Object {
        [
            "step": .integer(steps.count),
            "updates": .integer(optimizer.updateCount),
            "discriminator_updates": .integer(discriminator?.optimizer.updateCount ?? 0),
        ]
    }

    package func resume(at counters: JSONReader) throws {
        steps.count = try counters.integer("step", atLeast: 0)
        optimizer.resume(updateCount: try counters.integer("updates", atLeast: 0))
        let updates = try counters.integer("discriminator_updates", atLeast: 0)
        discriminator?.optimizer.resume(updateCount: updates)
    }
}
