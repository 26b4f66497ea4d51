import Documents
import Tensors
import Testing
import Vision

@Suite struct TrainerTests {
    private func options(steps: Int = 150) -> ImageTokenizerTrainingOptions {
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
        while trainer.stepsDone < 150 { last = try trainer.step(pictures) }
        let after = try trainer.tokenizer.quality(on: pictures)
        #expect(last.step == 150)
        #expect(last.loss < first.loss / 2)
        #expect(after.signalToNoise > before.signalToNoise + 5)
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
        // Inside both margins of the hinge, the bias of the discriminator's output gets no gradient.
        let still = zip(saved.tensors, whole.state.tensors).filter {
            $0.tensor.bytes() == $1.tensor.bytes()
        }
        #expect(still.allSatisfy { $0.0.name.hasSuffix(".discriminator.output.bias") })
    }

    @Test func theDiscriminatorJoinsAtItsStep() throws {
        var options = options(steps: 4)
        options.adversary = .init(startStep: 2, weight: 0.1, channels: 8)
        let trainer = try ImageTokenizerTrainer(tinyConfig(), options)
        let joined = try (0..<4).map { _ in try trainer.step(squares(4)).discriminatorLoss != nil }
        #expect(joined == [false, false, true, true])
    }

    /// Half of the codes are far from everything and out of use: one step brings them back.
    @Test func codesOutOfUseAreRevived() throws {
        let trainer = try ImageTokenizerTrainer(tinyConfig(), options())
        for _ in 0..<3 { try trainer.step(squares(8)) }
        let far = (0..<16).map { Float($0 % 2) }
        let away = Tensor(far, [16])
        let tensors = trainer.state.tensors.map { entry in
            let changed =
                switch entry.name {
                case "codebook.counts": entry.tensor * (away * -1 + 1)
                case "codebook.weight": entry.tensor + away.reshaped([16, 1]) * 1e6
                default: entry.tensor.clone()
                }
            return NamedTensor(entry.name, changed)
        }
        try trainer.restore(.init(tensors: tensors, step: 3))
        let codebook = trainer.tokenizer.codebook.weight
        #expect(codebook.floats().contains { $0 > 1e5 })
        try trainer.step(squares(8))
        #expect(codebook.floats().allSatisfy { abs($0) < 1e3 })
        #expect(
            trainer.state.tensors.first { $0.name == "codebook.counts" }?.tensor.floats()
                .allSatisfy { $0 > 0 } == true
        )
    }

    /// A fresh codebook does not fit the encoder's vectors; the first batch places it among them.
    @Test func theFirstBatchPlacesTheCodes() throws {
        let trainer = try ImageTokenizerTrainer(tinyConfig(), options())
        trainer.tokenizer.codebook.weight.copy(from: Tensor.full([16, 6], 1e3))
        #expect(try trainer.tokenizer.quality(on: squares(8)).codesInUse == 1)
        try trainer.step(squares(8))
        #expect(try trainer.tokenizer.quality(on: squares(8)).codesInUse > 8)
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
        #expect(abs(options.rate(at: 150) - 4e-3 / 50) < 1e-12)
        #expect(abs(options.rate(at: 1000) - 4e-3 / 50) < 1e-12)
        #expect((6..<150).allSatisfy { options.rate(at: $0) < options.rate(at: $0 - 1) })
    }

    @Test func refusesOptions() throws {
        var options = options()
        options.rate = -1
        #expect(
            throws: VisionError.option(name: "rate", problem: "a positive number is expected")
        ) { try ImageTokenizerTrainer(tinyConfig(), options) }
    }
}
