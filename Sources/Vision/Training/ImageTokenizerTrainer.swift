internal import Basics
public import Documents
internal import Foundation
public import Layers
internal import Tensors

/// Teaches an image tokenizer to give pictures back, one batch after the other.
///
/// The networks learn by AdamW, the codebook by running means, and a discriminator may join. The
/// same seed, pictures and thread count give the same weights bit for bit.
public final class ImageTokenizerTrainer {
    /// The tokenizer, whose weights change with every step.
    public let tokenizer: ImageTokenizer
    /// The weights of the tokenizer, for saving it.
    public let store: ParameterStore
    /// How it is trained.
    public let options: ImageTokenizerTrainingOptions
    /// The number of steps that are done.
    public internal(set) var stepsDone = 0

    private let weights: AdamW
    private let averages: CodebookAverages
    private let adversary: Adversary?

    /// A discriminator in training.
    private struct Adversary {
        let options: ImageTokenizerTrainingOptions.Adversary
        let network: PatchDiscriminator
        let weights: AdamW
    }

    /// A training from fresh weights, which follow from the seed of `options`.
    public convenience init(
        _ config: ImageTokenizerConfig,
        _ options: ImageTokenizerTrainingOptions
    ) throws {
        let source = InitializationSource(seed: options.seed)
        let built = try ParameterStore.build(from: source) { try ImageTokenizer(config, $0) }
        try self.init(built.model, built.store, options, .unplaced)
    }

    /// A training that goes on with the weights of a tokenizer and its store.
    public convenience init(
        _ tokenizer: ImageTokenizer,
        _ store: ParameterStore,
        _ options: ImageTokenizerTrainingOptions
    ) throws {
        try self.init(tokenizer, store, options, .placed)
    }

    private init(
        _ tokenizer: ImageTokenizer,
        _ store: ParameterStore,
        _ options: ImageTokenizerTrainingOptions,
        _ codes: CodebookAverages.Start
    ) throws {
        try options.validate()
        self.tokenizer = tokenizer
        self.store = store
        self.options = options
        let codebook = tokenizer.codebook.weight
        weights = AdamW(store.parameters.filter { $0.tensor !== codebook })
        averages = CodebookAverages(tokenizer.codebook, codes)
        adversary = try options.adversary.map { adversary in
            let source = InitializationSource(seed: options.seed)
            let built = try ParameterStore.build(from: source) {
                try PatchDiscriminator(channels: adversary.channels, $0 / "discriminator")
            }
            return Adversary(
                options: adversary,
                network: built.model,
                weights: AdamW(built.store.parameters)
            )
        }
    }

    /// Learns from one batch of pictures, of which there must be one.
    ///
    /// - Throws: ``VisionError/diverged(step:)`` for a loss that is not finite, before any weight
    ///   has moved.
    @discardableResult
    public func step(_ pictures: [Picture]) throws -> ImageTokenizerMetrics {
        try withTorchErrors { try learn(from: pictures) }
    }

    private func learn(from pictures: [Picture]) throws -> ImageTokenizerMetrics {
        let pixels = tokenizer.pixels(of: pictures)
        let isBypassing = stepsDone < options.quantizationStart
        let result = tokenizer.reconstruct(pixels, bypassing: isBypassing)
        let errors = ReconstructionLoss(result.pixels, pixels)
        let adversary = self.adversary.flatMap { stepsDone >= $0.options.startStep ? $0 : nil }

        var loss =
            errors.absolute * options.absoluteWeight + errors.squared * options.squaredWeight
            + errors.edges * options.edgeWeight
            + result.quantized.commitment * (isBypassing ? 0 : options.commitmentWeight)
        if let adversary {
            loss = loss + adversary.network.deception(result.pixels) * adversary.options.weight
        }
        let value = loss.item()
        guard value.isFinite else { throw VisionError.diverged(step: stepsDone + 1) }

        weights.clearGradients()
        loss.backward()
        move(weights)
        let discriminatorLoss = adversary.map {
            teach($0, real: pixels, decoded: result.pixels)
        }
        updateCodebook(result)
        stepsDone += 1

        let squaredError = errors.squared.item()
        let frequencies = averages.counts.floats().map(Double.init)
        let inUse = frequencies.reduce(0, +) / Double(frequencies.count) * options.revivalShare
        return ImageTokenizerMetrics(
            step: stepsDone,
            rate: options.rate(at: stepsDone - 1),
            loss: value,
            absoluteError: errors.absolute.item(),
            squaredError: squaredError,
            edgeError: errors.edges.item(),
            commitment: result.quantized.commitment.item(),
            discriminatorLoss: discriminatorLoss,
            signalToNoise: 10 * log10(4 / squaredError),
            codesInUse: frequencies.count { $0 > inUse },
            perplexity: perplexity(of: frequencies)
        )
    }

    private func teach(_ adversary: Adversary, real: Tensor, decoded: Tensor) -> Double {
        // The decoder's loss has left gradients here, too.
        adversary.weights.clearGradients()
        let loss = adversary.network.loss(real: real, decoded: decoded)
        loss.backward()
        move(adversary.weights)
        return loss.item()
    }

    private func move(_ weights: AdamW) {
        weights.step(
            count: stepsDone + 1,
            rate: options.rate(at: stepsDone),
            decay: options.decay,
            gradientLimit: options.gradientLimit
        )
    }

    private func updateCodebook(_ result: ImageTokenizer.Reconstruction) {
        var random = SeededGenerator(seed: options.seed, UInt64(stepsDone))
        averages.update(
            tokenizer.codebook,
            with: result.vectors,
            choosing: result.quantized.codes,
            decay: options.codebookDecay,
            revivalShare: options.revivalShare,
            using: &random
        )
    }

    var stateTensors: [NamedTensor] {
        weights.tensors
            + [
                NamedTensor("codebook.weight", tokenizer.codebook.weight),
                NamedTensor("codebook.counts", averages.counts),
                NamedTensor("codebook.sums", averages.sums),
            ] + (adversary?.weights.tensors ?? [])
    }
}
