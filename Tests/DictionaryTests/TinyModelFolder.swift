import Basics
import Checkpoints
import Decoders
import Foundation
import Generating
import Layers
import Tensors
import Vision
import Vocabulary

/// A model folder with random weights, as training writes it.
enum TinyModelFolder {
    static func tokenizer() throws -> Tokenizer {
        try BPETrainer().train(
            ["a cat is a small animal that eats mice", "draw a dog that barks", "what is this"],
            vocabularySize: 290,
            imageCodeCount: 8
        )
    }

    static func write(to path: String, seed: UInt64, draws: Bool) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let tokenizer = try tokenizer()
        try tokenizer.write(to: URL(filePath: path))
        let config = TowerConfig(
            vocabularySize: tokenizer.space.count,
            hiddenSize: 16,
            layerCount: 1,
            headCount: 2,
            keyValueHeadCount: 2,
            feedForwardSize: 32,
            contextLength: 400
        )
        let decoder = DecoderConfig.tower(config)
        try AtomicFile.write(
            JSON.object(decoder.json).text(),
            to: path + "/" + CheckpointFolder.FileName.config
        )
        let store = try ParameterStore.build(from: InitializationSource(seed: seed)) {
            try decoder.model($0)
        }.store
        let entries = store.parameters.map {
            WeightEntry(name: $0.spec.name, elementType: .float32, shape: $0.spec.shape)
        }
        var writer = try SafetensorsWriter(
            path + "/" + CheckpointFolder.FileName.weights,
            entries: entries
        )
        for parameter in store.parameters {
            try parameter.tensor.bytes().withUnsafeBytes {
                try writer.write($0, to: parameter.spec.name)
            }
        }
        try writer.finish()
        if draws { try writeImages(to: path + "/" + CheckpointFolder.FileName.imageTokenizer) }
    }

    /// An image tokenizer of 4 × 4 codes.
    private static func writeImages(to path: String) throws {
        let stages = [ConvVQConfig.Stage(channels: 8, blocks: 1)]
        let config = ConvVQConfig(
            imageSize: 64,
            patchSize: 16,
            encoder: stages,
            decoder: stages,
            normGroups: 2,
            codeCount: 8,
            codeWidth: 4
        )
        let (tokenizer, store) = try ParameterStore.build(from: InitializationSource(seed: 9)) {
            try ConvVQTokenizer(config, $0)
        }
        try tokenizer.save(to: path, store)
    }
}
