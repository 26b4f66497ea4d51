internal import Basics
internal import Checkpoints
public import Documents
internal import Foundation
public import Layers
internal import Tensors
public import Vision

/// Teaches an image tokenizer to give pictures back, in an order that follows from the seed.
///
/// The networks learn by gradients, the codebook by running means, and a discriminator may join. The
/// same seed, pictures and thread count give the same weights bit for bit.
public final class PictureTraining {
    /// The tokenizer, whose weights change with every step.
    public let tokenizer: ImageTokenizer
    /// The weights of the tokenizer.
    public let store: ParameterStore
    /// How it is trained.
    public let options: PictureTrainingOptions
    /// The number of steps done.
    public internal(set) var stepCount = 0
    let optimizer: Optimizer
    let averages: CodebookAverages
    let adversary: Adversary?
    private var skipped = SkippedSteps()
    private let perception: CLIPFolder?
    private let pictures: [Picture]

    /// A discriminator in training.
    struct Adversary {
        let options: PictureTrainingOptions.Adversary
        let network: PatchDiscriminator
        let optimizer: Optimizer
    }

    /// A training from fresh weights, which follow from the seed of `options`.
    ///
    /// - Parameters:
    ///   - config: the sizes of the tokenizer.
    ///   - options: how it is trained.
    ///   - pictures: what it learns from, at least one.
    /// - Throws: what is wrong with the config.
    public init(
        _ config: ImageTokenizerConfig,
        _ options: PictureTrainingOptions,
        on pictures: [Picture]
    ) throws {
        precondition(!pictures.isEmpty, "there is a picture to learn from")
        self.options = options
        self.pictures = pictures
        let source = InitializationSource(seed: options.seed)
        (tokenizer, store) = try ParameterStore.build(from: source) {
            try ImageTokenizer(config, $0)
        }
        let codebook = tokenizer.codebook
        optimizer = try Optimizer(
            store.parameters.filter {
                options.codebookRule != .averages || $0.tensor !== codebook.weight
            },
            options.optimizer
        )
        if case .clip(let folder)? = options.perception?.features {
            perception = try CLIPFolder(opening: CheckpointFolder(folder))
        } else {
            perception = nil
        }
        averages = CodebookAverages(codebook)
        adversary = try options.adversary.map { adversary in
            let source = InitializationSource(seed: options.seed)
            let (network, store) = try ParameterStore.build(from: source) {
                try PatchDiscriminator(channels: adversary.channels, $0 / "discriminator")
            }
            return Adversary(
                options: adversary,
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
    public func step() throws -> PictureMetrics {
        let batch = KeyedPermutation.batch(
            stepCount,
            of: options.batchSize,
            count: pictures.count,
            seed: options.seed
        )
        return try withTorchErrors { try learn(from: batch.map { pictures[$0] }) }
    }

    private func learn(from pictures: [Picture]) throws -> PictureMetrics {
        let pixels = tokenizer.pixels(of: pictures)
        let isBypassing = stepCount < options.quantizationStart
        let result = tokenizer.reconstruct(pixels, bypassing: isBypassing)
        let errors = ReconstructionLoss(result.pixels, pixels)
        let adversary = self.adversary.flatMap { stepCount >= $0.options.startStep ? $0 : nil }

        var loss =
            errors.absolute * options.absoluteWeight + errors.squared * options.squaredWeight
            + errors.edges * options.edgeWeight
            + result.quantized.commitment * (isBypassing ? 0 : options.commitmentWeight)
        if case .gradient(let weight) = options.codebookRule {
            let codebook = tokenizer.codebook
            let attraction = codebook.attraction(
                to: result.vectors,
                choosing: result.quantized.codes
            )
            loss = loss + attraction * weight
        }
        if let adversary {
            loss = loss + adversary.network.deception(result.pixels) * adversary.options.weight
        }
        let perceived = perceivedError(result.pixels, pixels, adversary)
        if let perceived, let perception = options.perception {
            loss = loss + perceived * perception.weight
        }
        loss.backward()
        let discriminatorLoss = adversary.map {
            lesson(of: $0, real: pixels, decoded: result.pixels)
        }
        let isSound = move(by: [optimizer] + (adversary.map { [$0.optimizer] } ?? []))
        if isSound { try updateCodebook(result) }
        stepCount += 1
        try skipped.record(stepCount, isSound: isSound)

        let squaredError = try errors.squared.item()
        let frequencies = try averages.counts.floats().map(Double.init)
        let inUse = frequencies.reduce(0, +) / Double(frequencies.count) * options.revivalShare
        return PictureMetrics(
            step: stepCount,
            rate: options.schedule.rate(after: stepCount - 1),
            loss: try loss.item(),
            absoluteError: try errors.absolute.item(),
            edgeError: try errors.edges.item(),
            perceivedError: try perceived?.item(),
            discriminatorLoss: try discriminatorLoss?.item(),
            signalToNoise: 10 * log10(4 / squaredError),
            codesInUse: frequencies.count { $0 > inUse },
            perplexity: ImageTokenizer.perplexity(of: frequencies),
            isSkipped: !isSound
        )
    }

    /// How far apart the features of decoded and original pixels are; `nil` before there are any.
    private func perceivedError(_ decoded: Tensor, _ original: Tensor, _ adversary: Adversary?)
        -> Tensor?
    {
        switch options.perception?.features {
        case nil: return nil
        case .discriminator:
            return adversary.map(\.network).map { network in
                let seen = withoutGradients { network.features(of: original) }
                return FeatureLoss.of(network.features(of: decoded), seen)
            }
        case .clip:
            var random = SeededGenerator(seed: options.seed, UInt64(stepCount), 1)
            return perception.map { FeatureLoss.of(decoded, original, seenBy: $0, using: &random) }
        }
    }

    /// Gathers the gradients of the discriminator's own loss, and returns it.
    private func lesson(of adversary: Adversary, real: Tensor, decoded: Tensor) -> Tensor {
        // The decoder's loss has left gradients here, too.
        adversary.optimizer.clearGradients()
        let loss = adversary.network.loss(real: real, decoded: decoded)
        loss.backward()
        return loss
    }

    /// Moves all weights, or none if gradients are no numbers; whether they moved.
    private func move(by optimizers: [Optimizer]) -> Bool {
        let norms = optimizers.map { $0.gradientNorm() }
        let rate = options.schedule.rate(after: stepCount)
        for (optimizer, norm) in zip(optimizers, norms) {
            if norms.allSatisfy(\.isFinite) {
                optimizer.update(rate: rate, norm: norm)
            } else {
                optimizer.clearGradients()
            }
        }
        return norms.allSatisfy(\.isFinite)
    }

    private func updateCodebook(_ result: ImageTokenizer.Reconstruction) throws {
        var random = SeededGenerator(seed: options.seed, UInt64(stepCount))
        try averages.update(
            tokenizer.codebook,
            with: result.vectors,
            choosing: result.quantized.codes,
            by: options.codebookRule,
            decay: options.codebookDecay,
            revivalShare: options.revivalShare,
            using: &random
        )
    }
}
