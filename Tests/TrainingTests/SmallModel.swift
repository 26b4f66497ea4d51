import Basics
import Checkpoints
import Decoders
import Foundation
import Layers
import Tensors
import Training
import Vocabulary

/// A tiny Llama over ``SmallSpace``, and its training.
enum SmallModel {
    static let config = TowerConfig(
        vocabularySize: SmallSpace.space.count,
        hiddenSize: 32,
        layerCount: 2,
        headCount: 4,
        keyValueHeadCount: 2,
        feedForwardSize: 48,
        contextLength: 64
    )

    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures")

    static func fresh(seed: UInt64 = 1) throws -> (model: Decoder, store: ParameterStore) {
        try withTorchErrors {
            try ParameterStore.build(from: InitializationSource(seed: seed)) {
                try Decoder(config, $0)
            }
        }
    }

    /// A loop over documents of letters and images.
    static func loop(
        steps: Int,
        learningRate: Double = 3e-3,
        sizes: BatchSizes = BatchSizes(
            tokensPerStep: 300,
            microBatchTokens: 128,
            contextLength: 64
        ),
        optimizer: OptimizerOptions = OptimizerOptions(),
        mixture: Mixture? = nil,
        mixedPrecision: Bool = false
    ) throws -> LanguageModelTraining {
        let (model, store) = try fresh()
        return try LanguageModelTraining(
            model,
            store.parameters,
            Batcher(try mixture ?? DataTests.mixture(), sizes),
            in: SmallSpace.space,
            mixedPrecision: mixedPrecision,
            TrainingOptions(
                schedule: Schedule(learningRate: learningRate, warmupSteps: 3, stepCount: steps),
                optimizer: optimizer
            )
        )
    }

    /// The digest of all weights of a loop's model, bit for bit.
    static func digest(_ loop: LanguageModelTraining) throws -> [String] {
        try withTorchErrors {
            try loop.optimizer.parameters.map { parameter in
                try parameter.tensor.bytes().withUnsafeBytes { SHA256.hex(of: $0) }
            }
        }
    }

    /// An empty folder that the test removes.
    static func scratch() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "jam-training-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}
