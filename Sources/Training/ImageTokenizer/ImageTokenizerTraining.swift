internal import Basics
internal import Checkpoints
package import Documents
internal import Foundation
package import Layers
internal import Tensors
package import Vision

/// Teaches an image tokenizer to give images back, in an order that follows from the seed.
///
/// The networks learn by gradients, the codebook by running means, and a discriminator may join. The
/// same seed, images and thread count give the same weights bit for bit.
package final class ImageTokenizerTraining {
    /// The tokenizer, whose weights change with every step.
    package let tokenizer: ConvVQTokenizer
    /// The weights of the tokenizer.
    package let store: ParameterStore
    /// How it is trained.
    package let options: ImageTokenizerTrainingOptions
    /// The number of steps done.
    package internal(set) var stepCount = 0
    let optimizer: Optimizer
    let codebookEMA: CodebookEMA
    let discriminator: Discriminator?
    private var skipped = SkippedSteps()
    private let perceptual: CLIPFolder?
    private let images: [Image]

    /// A discriminator in training.
    struct Discriminator {
        let options: ImageTokenizerTrainingOptions.Discriminator
        let network: PatchDiscriminator
        let optimizer: Optimizer
    }

    /// A training from fresh weights, which follow from the seed of `options`.
    ///
    /// - Parameters:
    ///   - config: the sizes of the tokenizer.
    ///   - options: how it is trained.
    ///   - images: what it learns from, at least one.
    /// - Throws: what is wrong with the config.
    package init(
        _ config: ConvVQConfig,
        _ options: ImageTokenizerTrainingOptions,
        on images: [Image]
    ) throws {
        precondition(!images.isEmpty, "there is an image to learn from")
        self.options = options
        self.images = images
        let source = InitializationSource(seed: options.seed)
        (tokenizer, store) = try ParameterStore.build(from: source) {
            try ConvVQTokenizer(config, $0)
        }
        let codebook = tokenizer.codebook
        optimizer = try Optimizer(
            store.parameters.filter {
                options.codebookRule != .ema || $0.tensor !== codebook.weight
            },
            options.optimizer
        )
        if case .clip(let folder)? = options.perceptual?.features {
            perceptual = try CLIPFolder(opening: CheckpointFolder(folder))
        } else {
            perceptual = nil
        }
        codebookEMA = CodebookEMA(codebook)
        discriminator = try options.discriminator.map { discriminator in
            let source = InitializationSource(seed: options.seed)
            let (network, store) = try ParameterStore.build(from: source) {
                try PatchDiscriminator(channels: discriminator.channels, $0 / "discriminator")
            }
            return Discriminator(
                options: discriminator,
                network: network,
                optimizer: try Optimizer(store.parameters, options.optimizer)
            )
        }
    }

    /// Learns from the next batch.
    ///
    /// - Throws: ``TrainingError/diverged(step:count:)`` after three steps in a row whose gradients are
    ///   no numbers.
    @discardableResult
    package func step() throws -> ImageTokenizerMetrics {
        let batch = KeyedPermutation.batch(
            stepCount,
            of: options.batchSize,
            count: images.count,
            seed: options.seed
        )
        return try withTorchErrors { try learn(from: batch.map { images[$0] }) }
    }

    private func learn(from images: [Image]) throws -> ImageTokenizerMetrics {
        let pixels = tokenizer.pixels(of: images)
        let isBypassing = stepCount < options.quantizationStart
        let result = tokenizer.reconstruct(pixels, bypassing: isBypassing)
        let errors = ReconstructionLoss(result.pixels, pixels)
        let discriminator = self.discriminator.flatMap {
            stepCount >= $0.options.startStep ? $0 : nil
        }

        var loss =
            errors.absolute * options.absoluteWeight + errors.squared * options.l2Weight
            + errors.edges * options.edgeWeight
            + result.quantized.commitment * (isBypassing ? 0 : options.commitmentWeight)
        if case .gradient(let weight) = options.codebookRule {
            let codebook = tokenizer.codebook
            let codebookLoss = codebook.codebookLoss(of: result.latents, result.quantized.codes)
            loss = loss + codebookLoss * weight
        }
        if let discriminator {
            loss =
                loss + discriminator.network.generatorLoss(result.pixels) * discriminator.options.weight
        }
        let perceived = perceptualError(result.pixels, pixels, discriminator)
        if let perceived, let perceptual = options.perceptual {
            loss = loss + perceived * perceptual.weight
        }
        loss.backward()
        let discriminatorLoss = discriminator.map {
            lesson(of: $0, real: pixels, decoded: result.pixels)
        }
        let isSound = move(by: [optimizer] + (discriminator.map { [$0.optimizer] } ?? []))
        if isSound { try updateCodebook(result) }
        stepCount += 1
        try skipped.record(stepCount, isSound: isSound)

        let squaredError = try errors.squared.item()
        let frequencies = try codebookEMA.counts.floats().map(Double.init)
        let inUse = frequencies.reduce(0, +) / Double(frequencies.count) * options.revivalShare
        return ImageTokenizerMetrics(
            step: stepCount,
            learningRate: options.schedule.learningRate(after: stepCount - 1),
            loss: try loss.item(),
            absoluteError: try errors.absolute.item(),
            edgeError: try errors.edges.item(),
            perceptualError: try perceived?.item(),
            discriminatorLoss: try discriminatorLoss?.item(),
            signalToNoise: 10 * log10(4 / squaredError),
            codesInUse: frequencies.count { $0 > inUse },
            perplexity: ConvVQTokenizer.perplexity(of: frequencies),
            isSkipped: !isSound
        )
    }

    /// How far apart the features of decoded and original pixels are; `nil` before there are any.
    private func perceptualError(
        _ decoded: Tensor,
        _ original: Tensor,
        _ discriminator: Discriminator?
    )
        -> Tensor?
    {
        switch options.perceptual?.features {
        case nil: return nil
        case .discriminator:
            return discriminator.map(\.network).map { network in
                let seen = withoutGradients { network.features(of: original) }
                return FeatureLoss.of(network.features(of: decoded), seen)
            }
        case .clip:
            var random = SeededGenerator(seed: options.seed, UInt64(stepCount), 1)
            return perceptual.map { FeatureLoss.of(decoded, original, seenBy: $0, using: &random) }
        }
    }

    /// Gathers the gradients of the discriminator's own loss, and returns it.
    private func lesson(of discriminator: Discriminator, real: Tensor, decoded: Tensor) -> Tensor {
        // The decoder's loss has left gradients here, too.
        discriminator.optimizer.clearGradients()
        let loss = discriminator.network.loss(real: real, decoded: decoded)
        loss.backward()
        return loss
    }

    /// Moves all weights, or none if gradients are no numbers; whether they moved.
    private func move(by optimizers: [Optimizer]) -> Bool {
        let norms = optimizers.map { $0.gradientNorm() }
        let learningRate = options.schedule.learningRate(after: stepCount)
        for (optimizer, norm) in zip(optimizers, norms) {
            if norms.allSatisfy(\.isFinite) {
                optimizer.update(learningRate: learningRate, norm: norm)
            } else {
                optimizer.clearGradients()
            }
        }
        return norms.allSatisfy(\.isFinite)
    }

    private func updateCodebook(_ result: ConvVQTokenizer.Reconstruction) throws {
        var random = SeededGenerator(seed: options.seed, UInt64(stepCount))
        try codebookEMA.update(
            tokenizer.codebook,
            with: result.latents,
            choosing: result.quantized.codes,
            by: options.codebookRule,
            decay: options.codebookDecay,
            revivalShare: options.revivalShare,
            using: &random
        )
    }
}
