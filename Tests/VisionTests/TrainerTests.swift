import Documents
import Tensors
import Testing
import Vision

@Suite struct TrainerTests {
    private func options(steps: Int = 60) -> ImageTokenizerTrainingOptions {
        var options = ImageTokenizerTrainingOptions(steps: steps, seed: 9)
        options.rate = 4e-3
        options.warmUpSteps = 5
        return options
    }

    @Test func learnsEightPictures() throws {
        let trainer = try ImageTokenizerTrainer(tinyConfig(), options())
        let pictures = squares(8)
        let before = try trainer.tokenizer.quality(on: pictures)
        let first = try trainer.step(pictures)
        var last = first
        while trainer.stepsDone < 60 { last = try trainer.step(pictures) }
        let after = try trainer.tokenizer.quality(on: pictures)
        #expect(last.step == 60)
        #expect(last.loss < first.loss / 2)
        #expect(after.signalToNoise > before.signalToNoise + 6)
        #expect(after.codesInUse > 8)
    }

    /// Interrupted in the middle and resumed, with the discriminator in play, a training ends at the
    /// same bits.
    @Test func resumesBitForBit() throws {
        var options = options(steps: 12)
        options.adversary = .init(startStep: 3, weight: 0.1, channels: 8)
        let pictures = squares(12)
        func batch(_ step: Int) -> [Picture] { Array(pictures[step % 8..<step % 8 + 4]) }

        let whole = try ImageTokenizerTrainer(tinyConfig(), options)
        var saved: (tensors: [NamedTensor], step: Int) = ([], 0)
        for step in 0..<12 {
            if step == 6 {
                // Copies, because the next step overwrites the tensors themselves.
                let copies = whole.state.tensors.map { NamedTensor($0.name, $0.tensor.clone()) }
                saved = (copies, whole.state.step)
            }
            try whole.step(batch(step))
        }

        let resumed = try ImageTokenizerTrainer(tinyConfig(), options)
        try resumed.restore(.init(tensors: saved.tensors, step: saved.step))
        for step in 6..<12 { try resumed.step(batch(step)) }

        #expect(resumed.stepsDone == whole.stepsDone)
        for (left, right) in zip(whole.state.tensors, resumed.state.tensors) {
            #expect(left.name == right.name)
            #expect(left.tensor.bytes() == right.tensor.bytes(), "\(left.name)")
        }
        let moved = zip(saved.tensors, whole.state.tensors).count {
            $0.tensor.bytes() != $1.tensor.bytes()
        }
        #expect(moved == saved.tensors.count)
    }

    @Test func theDiscriminatorJoinsAtItsStep() throws {
        var options = options(steps: 4)
        options.adversary = .init(startStep: 2, weight: 0.1, channels: 8)
        let trainer = try ImageTokenizerTrainer(tinyConfig(), options)
        let joined = try (0..<4).map { _ in try trainer.step(squares(4)).discriminatorLoss != nil }
        #expect(joined == [false, false, true, true])
    }

    /// Pictures of a single colour use one code; the others must come back when variety does.
    @Test func codesOutOfUseAreRevived() throws {
        var options = options(steps: 80)
        options.codebookDecay = 0.8
        let trainer = try ImageTokenizerTrainer(tinyConfig(), options)
        let plain = [Picture(width: 16, height: 16, fill: .white)]
        for _ in 0..<40 { try trainer.step(plain) }
        #expect(try trainer.tokenizer.quality(on: squares(8)).codesInUse < 12)
        for _ in 0..<40 { try trainer.step(squares(8)) }
        #expect(try trainer.tokenizer.quality(on: squares(8)).codesInUse >= 12)
    }

    @Test func refusesTheStateOfAnotherTraining() throws {
        let trainer = try ImageTokenizerTrainer(tinyConfig(), options())
        let state = trainer.state
        let dropped = state.tensors.dropLast()
        #expect(throws: VisionError.state(problem: "\"codebook.sums\" is missing")) {
            try trainer.restore(.init(tensors: Array(dropped), step: 1))
        }
        let more = state.tensors + [NamedTensor("more", Tensor.zeros([1]))]
        #expect(throws: VisionError.state(problem: "\"more\" is left over")) {
            try trainer.restore(.init(tensors: more, step: 1))
        }
        let reshaped = dropped + [NamedTensor("codebook.sums", Tensor.zeros([2]))]
        #expect(
            throws: VisionError.state(problem: "\"codebook.sums\" is F32 [2], not F32 [16, 6]")
        ) { try trainer.restore(.init(tensors: Array(reshaped), step: 1)) }
        #expect(trainer.stepsDone == 0)
    }

    @Test func rateRisesAndFalls() {
        let options = options()
        #expect(abs(options.rate(at: 0) - 0.8e-3) < 1e-12)
        #expect(abs(options.rate(at: 5) - 4e-3) < 1e-12)
        #expect(abs(options.rate(at: 60) - 4e-3 / 50) < 1e-12)
        #expect(abs(options.rate(at: 1000) - 4e-3 / 50) < 1e-12)
        #expect((6..<60).allSatisfy { options.rate(at: $0) < options.rate(at: $0 - 1) })
    }

    @Test func refusesOptions() throws {
        var options = options()
        options.rate = -1
        #expect(
            throws: VisionError.option(name: "rate", problem: "a positive number is expected")
        ) { try ImageTokenizerTrainer(tinyConfig(), options) }
    }
}
