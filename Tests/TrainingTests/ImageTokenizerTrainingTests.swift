import Basics
import Documents
import Foundation
import JamTesting
import Tensors
import Testing
import Training
import Vision

@Suite struct ImageTokenizerTrainingTests {
    private static func options(steps: Int = 150) -> TrainingOptions {
        TrainingOptions(
            schedule: Schedule(
                learningRate: 4e-3,
                warmupSteps: 5,
                stepCount: steps,
                minimumRatio: 0.02
            ),
            optimizer: ImageTokenizerRecipe.defaultOptimizer,
            seed: 9
        )
    }

    /// 16 × 16 pixels as 4 × 4 of 16 codes.
    private static func config() throws -> ConvVQConfig {
        ConvVQConfig(
            imageSize: 16,
            patchSize: 2,
            encoder: [.init(channels: 8, blocks: 1), .init(channels: 12, blocks: 1)],
            decoder: [.init(channels: 8, blocks: 1), .init(channels: 16, blocks: 1)],
            normGroups: 4,
            codeCount: 16,
            codeWidth: 6
        )
    }

    /// Squares of random colours on random plain backgrounds.
    private static func squares(_ count: Int) -> [Image] {
        var random = SeededGenerator(seed: 3)
        func color() -> Color { Color(UInt32.random(in: 0..<1 << 24, using: &random)) }
        return (0..<count).map { _ in
            var image = Image(width: 16, height: 16, fill: color())
            let x = Int.random(in: 0...8, using: &random)
            let y = Int.random(in: 0...8, using: &random)
            image.fill(x: x, y: y, width: 8, height: 8, color())
            return image
        }
    }

    private static func training(
        _ options: TrainingOptions = options(),
        _ losses: ImageTokenizerLosses = ImageTokenizerLosses(),
        on images: [Image] = squares(8),
        batchSize: Int = 8
    ) throws -> ImageTokenizerTraining {
        try ImageTokenizerTraining(config(), losses, on: images, batchSize: batchSize, options)
    }

    @Test("Learns eight images") func learnsEightImages() throws {
        let images = Self.squares(8)
        let training = try Self.training(on: images)
        let before = try training.tokenizer.quality(on: images)
        let first = try training.step()
        var last = first
        while !training.isDone { last = try training.step() }
        let after = try training.tokenizer.quality(on: images)
        #expect(last.step == 150)
        #expect(try #require(last["loss"]) < #require(first["loss"]) / 2)
        #expect(after.signalToNoise > before.signalToNoise + 5)
        #expect(after.codesInUse > 8)
    }

    // Prevents: a resumed run that goes on with other moments, means, discriminator or images.
    @Test("Saved in the middle and resumed, a training ends at the same bits")
    func resumes() throws {
        let scratch = try ScratchFolder()
        let options = Self.options(steps: 12)
        var losses = ImageTokenizerLosses()
        losses.discriminator = .init(startStep: 3, weight: 0.1, channels: 8)
        let images = Self.squares(12)
        let whole = try Self.training(options, losses, on: images, batchSize: 5)
        let recipe = RecipeHeader(training: options, output: scratch.path + "/run")
        let folder = try RunFolder(recipe.output)
        let files = try ModelFiles(config: try Self.config().json)
        while !whole.isDone {
            if whole.steps.count == 6 { try folder.save(whole, recipe, files) }
            try whole.step()
        }
        let resumed = try Self.training(options, losses, on: images, batchSize: 5)
        let step = try folder.restoreNewest(into: resumed, recipe: recipe) {
            Issue.record("\($0)")
        }
        #expect(step == 6)
        while !resumed.isDone { try resumed.step() }
        let pairs = zip(
            whole.modelTensors + whole.optimizerState,
            resumed.modelTensors + resumed.optimizerState
        )
        for (left, right) in pairs {
            #expect(left.name == right.name)
            #expect(try left.tensor.bytes() == right.tensor.bytes(), "\(left.name)")
        }
        #expect(whole.optimizerState.contains { $0.name.hasPrefix("first.discriminator.") })
    }

    // Prevents: a codebook that no gradient reaches, or that loses its codes.
    @Test("The codebook learns by gradient") func theCodebookLearnsByGradient() throws {
        var losses = ImageTokenizerLosses()
        losses.codebookUpdate = .gradient(weight: 1)
        // After the first step, which places the codes, only the gradient changes them.
        losses.revivalShare = 0
        let images = Self.squares(8)
        let training = try Self.training(Self.options(), losses, on: images)
        let before = try training.tokenizer.quality(on: images)
        try training.step()
        let codes = try training.tokenizer.codebook.weight.floats()
        while !training.isDone { try training.step() }
        let after = try training.tokenizer.quality(on: images)
        #expect(after.signalToNoise > before.signalToNoise + 5)
        #expect(after.codesInUse > 8)
        #expect(try training.tokenizer.codebook.weight.floats() != codes)
    }

    private static let clip =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "VisionTests/Fixtures/clip/words").path

    // Prevents: features that have no gradient to the decoder, or are compared before there are any.
    @Test(
        "Learns by what a network sees",
        arguments: [
            ImageTokenizerLosses.Perceptual.Features.clip(folder: clip), .discriminator,
        ]
    )
    func learnsByWhatANetworkSees(features: ImageTokenizerLosses.Perceptual.Features)
        throws
    {
        var losses = ImageTokenizerLosses()
        losses.l1Weight = 0
        losses.l2Weight = 0
        losses.perceptual = .init(features, weight: 1)
        // Only its features: no generator loss.
        losses.discriminator = .init(startStep: 2, weight: 0, channels: 8)
        let training = try Self.training(Self.options(steps: 80), losses)
        var steps: [StepLog] = []
        while !training.isDone { steps.append(try training.step()) }
        #expect((steps[0]["loss_perceptual"] == nil) == (features == .discriminator))
        #expect(steps[2...].allSatisfy { $0["loss_perceptual"] != nil })
        // The features of a discriminator change as it is trained, so the pixels tell; CLIP ignores
        // brightness, so its features do.
        let key = features == .discriminator ? "loss_l1" : "loss_perceptual"
        let early = steps[2..<7].reduce(0) { $0 + ($1[key] ?? .nan) }
        let late = steps.suffix(5).reduce(0) { $0 + ($1[key] ?? .nan) }
        #expect(late < early * 0.8, "\(early) \(late)")
    }

    @Test("The discriminator joins at its step") func theDiscriminatorJoinsAtItsStep() throws {
        var losses = ImageTokenizerLosses()
        losses.discriminator = .init(startStep: 2, weight: 0.1, channels: 8)
        let training = try Self.training(Self.options(steps: 4), losses, batchSize: 4)
        let joined = try (0..<4).map { _ in try training.step()["loss_discriminator"] != nil }
        #expect(joined == [false, false, true, true])
    }

    /// Half of the codes are far from everything and out of use: one step brings them back.
    @Test("Codes out of use are revived") func codesOutOfUseAreRevived() throws {
        let training = try Self.training()
        for _ in 0..<3 { try training.step() }
        let far = Tensor((0..<16).map { Float($0 % 2) }, [16])
        let codebook = training.tokenizer.codebook.weight
        let tensors = Dictionary(
            uniqueKeysWithValues: training.optimizerState.map { ($0.name, $0.tensor) }
        )
        let counts = try #require(tensors["codebook.counts"])
        withoutGradients {
            counts.copy(from: counts * (far * -1 + 1))
            codebook.copy(from: codebook + far.reshaped([16, 1]) * 1e6)
        }
        #expect(try codebook.floats().contains { $0 > 1e5 })
        try training.step()
        #expect(try codebook.floats().allSatisfy { abs($0) < 1e3 })
        #expect(try counts.floats().allSatisfy { $0 > 0 })
    }

    /// A fresh codebook does not fit the encoder's vectors; the first batch places it among them.
    @Test("The first batch places the codes") func theFirstBatchPlacesTheCodes() throws {
        let images = Self.squares(8)
        let training = try Self.training(on: images)
        training.tokenizer.codebook.weight.copy(from: Tensor.full([16, 6], 1e3))
        #expect(try training.tokenizer.quality(on: images).codesInUse == 1)
        try training.step()
        #expect(try training.tokenizer.quality(on: images).codesInUse > 8)
    }

    // Prevents: weights full of NaN after a rate that is far too high.
    @Test("Stops before weights break") func stopsBeforeWeightsBreak() throws {
        var options = Self.options(steps: 200)
        options.schedule = Schedule(learningRate: 1e6, warmupSteps: 0, stepCount: 200)
        let training = try Self.training(options)
        #expect(throws: TrainingError.self) {
            while !training.isDone { try training.step() }
        }
        for (name, tensor) in training.modelTensors where name != "quantizer.weight" {
            #expect(try tensor.floats().allSatisfy { $0.isFinite }, "\(name)")
        }
    }
}
