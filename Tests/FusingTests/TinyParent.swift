import Basics
import Checkpoints
import Decoders
import Foundation
import JamTesting
import Layers
import Tensors
import Vocabulary

/// Small parents in a scratch folder.
enum TinyParent {
    /// 256 bytes, 23 special tokens, 16 image codes.
    static func tokenizer(imageCodes: Int = 16) throws -> Tokenizer {
        try BPETrainer().train(
            ["a"],
            vocabularySize: 256,
            imageCodeCount: imageCodes
        )
    }

    /// One of the families' tokenizers, made small.
    static func tokenizer(_ family: String) throws -> Tokenizer {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try Tokenizer(
            contentsOf: tests.appending(path: "VocabularyTests/Fixtures/families/\(family).json")
        )
    }

    /// The sizes of a parent whose tables have 5 rows more than there are tokens.
    static func config(
        _ family: Family = .llama,
        width: Int = 8,
        layers: Int = 2,
        heads: Int = 4,
        vocabulary: Int = 300,
        tied: Bool = false
    ) -> TowerConfig {
        TowerConfig(
            family,
            vocabularySize: vocabulary,
            hiddenSize: width,
            layerCount: layers,
            headCount: heads,
            keyValueHeadCount: family.groupsQueries ? heads / 2 : heads,
            feedForwardSize: width * 3 / 2,
            contextLength: 64,
            tiesEmbeddings: tied
        )
    }

    /// Writes a parent of random weights and returns its path.
    @discardableResult
    static func write(
        _ name: String,
        _ config: TowerConfig,
        seed: UInt64,
        as format: FloatFormat = .float32,
        imageCodes: Int = 16,
        tokenizer own: Tokenizer? = nil,
        drawingAll draws: Bool = false,
        in scratch: ScratchFolder,
        changing change: (String, [Float]) throws -> [Float] = { $1 }
    ) throws -> String {
        let folder = scratch.file(name)
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        let built = try ParameterStore.build(from: InitializationSource(seed: seed)) {
            try Decoder(config, $0)
        }
        let entries = built.store.parameters.map {
            WeightEntry(
                name: $0.spec.name,
                elementType: format.elementType,
                shape: $0.spec.shape
            )
        }
        var writer = try SafetensorsWriter(folder + "/model.safetensors", entries: entries)
        for parameter in built.store.parameters {
            // Larger than fresh weights are, so that a wrong block shows in the logits.
            let floats =
                draws
                ? try drawn(parameter.spec, seed)
                : try parameter.tensor.floats().map { parameter.spec.role == .scale ? $0 : $0 * 10 }
            try format.bytes(from: change(parameter.spec.name, floats)).withUnsafeBytes {
                try writer.write($0, to: parameter.spec.name)
            }
        }
        try writer.finish()
        let json = JSON.object(config.json).text(.indented)
        try AtomicFile.write(json, to: folder + "/config.json")
        try (own ?? tokenizer(imageCodes: imageCodes)).write(to: URL(filePath: folder))
        return folder
    }

    /// Writes a parent of any size whose weights take no space: all zero, and a hole in the file.
    static func writeHollow(
        _ name: String,
        _ config: TowerConfig,
        as format: FloatFormat,
        in scratch: ScratchFolder
    ) throws -> String {
        let folder = scratch.file(name)
        try makeFolder(folder)
        var header = JSON.Object()
        var end = 0
        for spec in try ParameterStore.declaration(of: { try Decoder(config, $0) }) {
            let start = end
            end += spec.count * format.elementType.byteCount
            header[spec.name] = [
                "dtype": .string(format.elementType.rawValue),
                "shape": .array(spec.shape.map(JSON.integer)),
                "data_offsets": [.integer(start), .integer(end)],
            ]
        }
        let text = Array(JSON.object(header).text().utf8)
        let length = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) }
        try scratch.write("\(name)/model.safetensors", length + text)
        let file = try FileHandle(forUpdating: URL(filePath: folder + "/model.safetensors"))
        try file.truncate(atOffset: UInt64(length.count + text.count + end))
        try file.close()
        try AtomicFile.write(JSON.object(config.json).text(), to: folder + "/config.json")
        try tokenizer().write(to: URL(filePath: folder))
        return folder
    }

    /// Random numbers for any weight, also those that begin at zero or one.
    private static func drawn(_ spec: ParameterSpec, _ seed: UInt64) throws -> [Float] {
        let isGain = spec.role == .scale && spec.name.hasSuffix("weight")
        return try RandomSource(seed: seed ^ spec.name.stableHash)
            .normal(spec.shape, mean: isGain ? 1 : 0, std: 0.2).floats()
    }

    /// Copies a parent of the fixtures and gives it a tokenizer; returns its path.
    static func golden(_ name: String, in scratch: ScratchFolder) throws -> String {
        let folder = scratch.file(name)
        try FileManager.default.copyItem(atPath: Golden.path(name), toPath: folder)
        try tokenizer().write(to: URL(filePath: folder))
        return folder
    }

    /// The logits [T, V] of a checkpoint, row after row.
    static func logits(_ path: String, _ tokens: [Int] = Golden.tokens) throws -> [Float] {
        let model = try ModelFolder(path).model
        return try withTorchErrors {
            try withoutGradients { try model.logits(Tensor(tokens, [1, tokens.count])).floats() }
        }
    }
}
