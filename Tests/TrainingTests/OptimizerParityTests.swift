import Basics
import Checkpoints
import Decoders
import Foundation
import Layers
import Tensors
import Testing
import Training
import Vocabulary

@Suite struct OptimizerParityTests {
    // Prevents: a loss curve that falls, but not as it should: a wrong schedule, decay on norm weights,
    // clipping after the fact, moments counted from zero.
    @Test(
        "Five steps are those of PyTorch and transformers",
        arguments: OptimizerOptions.Method.allCases,
        [64, 20]
    )
    func steps(_ method: OptimizerOptions.Method, microBatchTokens: Int) throws {
        let golden = try JSONReader(
            JSON(parsing: Data(contentsOf: SmallModel.fixtures.appending(path: "golden.json"))),
            source: "golden.json"
        )
        let texts = try golden.array("texts").compactMap { json -> String? in
            guard case .string(let text) = json else { return nil }
            return text
        }
        let sequences = try texts.map { try SmallSpace.sequence([.text($0)]) }
        let mixture = try Mixture(
            [ExampleSource("golden", sequences, objective: .causal)],
            in: SmallSpace.space,
            seed: 1
        )
        let weights = try SafetensorsFile(
            SmallModel.fixtures.appending(path: "model.safetensors").path
        )
        let (model, store) = try withTorchErrors {
            try ParameterStore.build(from: WeightsSource(weights)) {
                try Decoder(SmallModel.config, $0)
            }
        }
        let loop = try LanguageModelTraining(
            model,
            store.parameters,
            Batcher(
                mixture,
                BatchSizes(
                    tokensPerStep: sequences.reduce(0) { $0 + $1.tokens.count - 1 },
                    microBatchTokens: microBatchTokens,
                    contextLength: 64
                )
            ),
            in: SmallSpace.space,
            TrainingOptions(
                schedule: Schedule(learningRate: 1e-2, warmupSteps: 2, stepCount: 5),
                optimizer: OptimizerOptions(method: method, clipNorm: 0.5)
            )
        )
        let expected = try golden.nested(method.rawValue)
        let losses = try Self.numbers(expected, "losses")
        let norms = try Self.numbers(expected, "norms")
        for step in 0..<5 {
            let report = try loop.step()
            #expect(abs(try #require(report["loss"]) - losses[step]) < 1e-4)
            #expect(abs(try #require(report["gradient_norm"]) - norms[step]) < 1e-3 * norms[step])
        }
        let after = try SafetensorsFile(
            SmallModel.fixtures.appending(path: "after-\(method.rawValue).safetensors").path
        )
        for parameter in store.parameters {
            let expected = try after.floats(of: parameter.spec.name)
            let found = try withTorchErrors { try parameter.tensor.floats() }
            let worst = zip(expected, found).map { abs($0 - $1) }.max() ?? .nan
            #expect(worst < 2e-4, "\(parameter.spec.name)")
        }
    }

    private static func numbers(_ reader: JSONReader, _ key: String) throws -> [Double] {
        try reader.array(key).compactMap {
            guard case .number(let value) = $0 else { return nil }
            return value
        }
    }
}
