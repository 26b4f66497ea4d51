import Basics
import Checkpoints
import Decoders
import Foundation
import JamTesting
import Layers
import Tensors
import Testing
import Training
import Vocabulary

@Suite struct LanguageModelTrainingTests {
    @Test("Twenty documents are memorized")
    func overfits() throws {
        var generator = SeededGenerator(seed: 2)
        let sequences = try (0..<20).map { index in
            try SmallSpace.sequence([
                .text(SmallSpace.randomText(6...10, using: &generator)), .image(index % 16),
            ])
        }
        let mixture = try Mixture(
            [ExampleSource("twenty", sequences, objective: .causal)],
            in: SmallSpace.space,
            seed: 1
        )
        let loop = try SmallModel.loop(
            steps: 120,
            learningRate: 1e-2,
            sizes: BatchSizes(tokensPerStep: 400, contextLength: 64),
            mixture: mixture
        )
        var first: Double?
        while !loop.isDone {
            let report = try loop.step()
            if first == nil { first = report["loss"] }
        }
        let examples = sequences.map {
            TrainingExample(
                tokens: $0.tokens,
                // The first letter cannot be known.
                weights: $0.tokens.indices.map { $0 > 2 ? 1 : 0 }
            )
        }
        let report = try loop.loss(of: examples)
        #expect((first ?? 0) > 4)
        #expect((report.mean ?? .nan) < 0.1)
        #expect((report[.image] ?? .nan) < 0.1)
    }

    // Prevents: a batch size that changes with the memory of the machine.
    @Test("Gradients accumulate over micro-batches to those of one large batch")
    func accumulation() throws {
        let large = try SmallModel.loop(
            steps: 5,
            sizes: BatchSizes(tokensPerStep: 600, microBatchTokens: 2000, contextLength: 64)
        )
        let small = try SmallModel.loop(
            steps: 5,
            sizes: BatchSizes(tokensPerStep: 600, microBatchTokens: 70, contextLength: 64)
        )
        for _ in 0..<3 {
            let (one, many) = (try large.step(), try small.step())
            #expect(abs(try #require(one["loss"]) - #require(many["loss"])) < 1e-6)
            #expect(
                abs(try #require(one["gradient_norm"]) - #require(many["gradient_norm"])) < 1e-5
            )
            #expect(one["tokens"] == many["tokens"])
        }
    }

    // Prevents: a NaN that reaches the weights, after which everything is NaN.
    @Test("A step with a non-finite loss does not change the weights; three in a row end the run")
    func skips() throws {
        let (model, store) = try SmallModel.fresh()
        let broken = BrokenModel(model)
        let loop = try LanguageModelTraining(
            broken,
            store.parameters,
            Batcher(DataTests.mixture(), BatchSizes(tokensPerStep: 200, contextLength: 64)),
            in: SmallSpace.space,
            TrainingOptions(
                schedule: Schedule(learningRate: 1e-3, warmupSteps: 0, stepCount: 20)
            )
        )
        #expect(try loop.step().isSkipped == false)
        let before = try SmallModel.digest(loop)
        for poison in [Double.nan, .infinity] {
            broken.poison = poison
            #expect(try loop.step().isSkipped)
            #expect(try SmallModel.digest(loop) == before)
        }
        broken.poison = nil
        #expect(try loop.step().isSkipped == false)
        #expect(try SmallModel.digest(loop) != before)
        broken.poison = .nan
        _ = try loop.step()
        _ = try loop.step()
        #expect(throws: TrainingError.diverged(step: 7, count: 3)) { try loop.step() }
    }

    @Test("Frozen weights stay, slow ones move less, and unknown names are refused")
    func groups() throws {
        let loop = try SmallModel.loop(
            steps: 3,
            optimizer: OptimizerOptions(
                learningRateMultipliers: ["model.layers": 0, "model.layers.1": 1, "lm_head": 0.5]
            )
        )
        let before = try SmallModel.digest(loop)
        _ = try loop.step()
        let after = try SmallModel.digest(loop)
        for (index, parameter) in loop.optimizer.parameters.enumerated() {
            let isFrozen = parameter.spec.name.hasPrefix("model.layers.0")
            #expect((before[index] == after[index]) == isFrozen, "\(parameter.spec.name)")
        }
        #expect(
            throws: OptimizerError.prefix(
                "bridges",
                examples: ["model.embed_tokens", "model.layers", "model.norm", "lm_head.weight"]
            )
        ) {
            _ = try SmallModel.loop(
                steps: 1,
                optimizer: OptimizerOptions(learningRateMultipliers: ["bridges": 1])
            )
        }
    }

    @Test("A step leaks no tensors")
    func leaks() throws {
        let loop = try SmallModel.loop(steps: 10)
        _ = try loop.step()
        let before = Tensor.liveCount
        for _ in 0..<5 { _ = try loop.step() }
        // Other suites make and drop tensors meanwhile; a leak would be hundreds a step.
        #expect(Tensor.liveCount < before + 400)
    }
}

/// A model whose hidden states can become non-finite.
final class BrokenModel: LanguageModel {
    private let model: Decoder
    var poison: Double?

    init(_ model: Decoder) { self.model = model }

    var head: OutputHead { model.head }

    func hiddenStates(_ tokens: TokenRows, cache: KeyValueCache?) -> Tensor {
        let hiddenStates = model.hiddenStates(tokens, cache: cache)
        return poison.map { hiddenStates * $0 } ?? hiddenStates
    }
}
