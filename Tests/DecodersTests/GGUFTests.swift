import Basics
import Checkpoints
import Decoders
import Foundation
import JamTesting
import Layers
import Tensors
import Testing

/// GGUF files against `transformers`, through the path of `jam inspect logits`.
@Suite struct GGUFTests {
    private static let models = ["llama", "llama-tied", "llama3", "qwen2", "qwen3"]

    private static func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/gguf/\(name)").path
    }

    private static func logits(_ model: String, of name: String, packing: Bool = false) throws
        -> [Float]
    {
        let golden = try SafetensorsFile(path(name + ".safetensors"))
        let loaded = try ModelFolder(model, packing: packing)
        return try withTorchErrors {
            let tokens = try golden.withBytes(of: "tokens") { Tensor(bytes: $0, [1, 24], .int64) }
            return try loaded.model.logits(tokens).floats()
        }
    }

    @Test("Logits are those of transformers", arguments: models, [false, true])
    func logits(name: String, packing: Bool) throws {
        let expected = try SafetensorsFile(Self.path(name + ".safetensors")).floats(of: "logits")
        let found = try Self.logits(Self.path(name + ".gguf"), of: name, packing: packing)
        let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(found.count == expected.count && difference < 1e-4, "\(difference)")
    }

    @Test("An imported folder has the same weights and logits", arguments: models)
    func importing(name: String) throws {
        let scratch = try ScratchFolder()
        let file = Self.path(name + ".gguf")
        let folder = scratch.file("folder")
        // Small files, so that there are several.
        try FolderImport(file, as: .float32, maxShardSize: 20_000).write(to: folder)
        let (imported, original) = (try CheckpointFolder(folder), try CheckpointFolder(file))
        #expect(imported.weightFiles.count > 1 && imported.warnings.isEmpty)
        #expect(imported.names.sorted() == original.names.sorted())
        for name in original.names {
            #expect(try imported.floats(of: name) == original.floats(of: name), "\(name)")
        }
        #expect(try Self.logits(folder, of: name) == Self.logits(file, of: name))
        try #require(try imported.manifest()).verify(folder)
    }

    @Test("An imported folder in half precision has the rounded weights")
    func importingHalves() throws {
        let scratch = try ScratchFolder()
        let file = Self.path("llama.gguf")
        for format in [FloatFormat.bfloat16, .float16] {
            let folder = scratch.file(format.rawValue)
            try FolderImport(file, as: format, maxShardSize: 1 << 30).write(to: folder)
            let (imported, original) = (try CheckpointFolder(folder), try CheckpointFolder(file))
            for name in original.names {
                let bytes = format.bytes(from: try original.floats(of: name))
                #expect(try imported.withBytes(of: name) { Array($0) } == bytes, "\(name)")
            }
        }
    }

    // Prevents: rows of interleaved heads in the wrong place where a fusion reads blocks.
    @Test("Parts of interleaved rows are those of the whole")
    func partsOfInterleavedRows() throws {
        let folder = try CheckpointFolder(Self.path("llama.gguf"))
        for name in ["q_proj", "k_proj"].map({ "model.layers.1.self_attn.\($0).weight" }) {
            let whole = try folder.floats(of: name)
            for (start, count) in [(0, 7), (30, 70), (129, 256), (whole.count - 5, 5)] {
                var part = [Float](repeating: .nan, count: count)
                try part.withUnsafeMutableBytes { try folder.read(name, at: 4 * start, into: $0) }
                #expect(part == Array(whole[start..<start + count]), "\(name) \(start)")
            }
        }
    }

    @Test("The config says what the file says, and the scaling of its rope factors")
    func config() throws {
        let config = try CheckpointFolder(Self.path("llama3.gguf")).config
        let expected: JSON = [
            "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 64,
            "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
            "num_key_value_heads": 2, "intermediate_size": 64, "max_position_embeddings": 16384,
            "tie_word_embeddings": true, "head_dim": 8, "rms_norm_eps": 1e-06,
            "rope_theta": 500000.0, "attention_bias": false, "mlp_bias": false,
            "rope_scaling": [
                "rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0,
                "high_freq_factor": 4.0, "original_max_position_embeddings": 8192,
            ],
        ]
        #expect(config == expected)
    }
}
