import Basics
import Checkpoints
import Decoders
import Foundation
import JamTesting
import Layers
import Tensors
import Testing

/// Folders whose weights differ from their config in ways that people's files have.
@Suite struct DecoderFolderTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/families").path
    private static let head = "lm_head.weight"
    private static let table = "model.embed_tokens.weight"

    private struct Weight {
        var name: String
        var type: ElementType
        var shape: [Int]
        var floats: [Float]
    }

    /// Writes a fixture with other weights or another config; returns the path.
    private func changed(
        _ name: String,
        in scratch: ScratchFolder,
        setting members: [(String, JSON)] = [],
        _ change: (inout [Weight]) -> Void
    ) throws -> String {
        let folder = try CheckpointFolder(Self.fixtures + "/" + name)
        var weights = try folder.names.map { name in
            Weight(
                name: name,
                type: .float32,
                shape: folder.entry(name)?.shape ?? [],
                floats: try folder.floats(of: name)
            )
        }
        change(&weights)
        let entries = weights.map {
            WeightEntry(name: $0.name, elementType: $0.type, shape: $0.shape)
        }
        var writer = try SafetensorsWriter(scratch.file("model.safetensors"), entries: entries)
        for (entry, weight) in zip(entries, weights) {
            try weight.floats.withUnsafeBytes {
                let bytes = UnsafeRawBufferPointer(rebasing: $0.prefix(entry.byteCount))
                try writer.write(bytes, to: entry.name)
            }
        }
        try writer.finish()
        guard case .object(var config) = folder.config else { return scratch.path }
        for (key, value) in members { config[key] = value }
        try AtomicFile.write(JSON.object(config).text(), to: scratch.file("config.json"))
        return scratch.path
    }

    private func logits(_ path: String) throws -> [Float] {
        let model = try ModelFolder(path).model
        return try withTorchErrors {
            try withoutGradients { try model.logits(Tensor([3, 1, 4, 1, 5], [1, 5])).floats() }
        }
    }

    /// Prevents a stored head that is dropped without a word: `transformers` does not tie then.
    @Test("A stored head counts where it differs from the table")
    func aStoredHeadCountsWhereItDiffersFromTheTable() throws {
        let scratch = try ScratchFolder()
        let path = try changed("llama", in: scratch, setting: [("tie_word_embeddings", true)]) {
            _ in
        }
        let opened = try DecoderFolder(path)
        guard case .tower(let config) = opened.config else { return }
        #expect(!config.tiesEmbeddings)
        #expect(
            opened.folder.warnings == [
                "\(path): config.json ties the head to the input table, but \"lm_head.weight\" is "
                    + "stored with other values, which are used"
            ]
        )
        #expect(try logits(path) == logits(Self.fixtures + "/llama"))
    }

    @Test("A stored copy of a tied table is no head of its own")
    func aStoredCopyOfATiedTableIsNoHeadOfItsOwn() throws {
        let scratch = try ScratchFolder()
        let path = try changed("llama-tied", in: scratch) { weights in
            for weight in weights where weight.name == Self.table {
                weights.append(
                    Weight(
                        name: Self.head,
                        type: weight.type,
                        shape: weight.shape,
                        floats: weight.floats
                    )
                )
            }
        }
        let opened = try DecoderFolder(path)
        guard case .tower(let config) = opened.config else { return }
        #expect(config.tiesEmbeddings && opened.folder.warnings.isEmpty)
        #expect(try logits(path) == logits(Self.fixtures + "/llama-tied"))
    }

    @Test("A tied table may be stored as the head") func aTiedTableMayBeStoredAsTheHead() throws {
        let scratch = try ScratchFolder()
        let path = try changed("llama-tied", in: scratch) { weights in
            for index in weights.indices where weights[index].name == Self.table {
                weights[index].name = Self.head
            }
        }
        #expect(try logits(path) == logits(Self.fixtures + "/llama-tied"))
    }

    /// Prevents base models and text parts of larger models from being refused.
    @Test(
        "Prefixes of weights are found",
        arguments: [
            ("llama", ""), ("llama", "language_model.model."), ("llama", "model.language_model."),
            ("opt", "decoder."), ("gemma3-tied", "model.language_model."), ("emu3", "model."),
            ("emu3-tied", "text_model.model."),
            ("qwen3", ""), ("chameleon", ""),
        ]
    )
    func prefixesOfWeightsAreFound(family: String, prefix: String) throws {
        let scratch = try ScratchFolder()
        let root =
            [
                "opt": "model.decoder.", "emu3": "text_model.model.",
                "emu3-tied": "text_model.model.",
            ][
                family
            ] ?? "model."
        let path = try changed(family, in: scratch) { weights in
            for index in weights.indices {
                let name = weights[index].name
                if name.hasPrefix(root) {
                    weights[index].name = prefix + name.dropFirst(root.count)
                } else if name == Self.head, prefix.hasPrefix("language_model.") {
                    weights[index].name = "language_model." + name
                }
            }
        }
        #expect(try logits(path) == logits(Self.fixtures + "/" + family))
    }

    /// Prevents a trap where a folder has a weight twice, under two prefixes.
    @Test("Two weights that stand for one are refused") func twoWeightsThatStandForOneAreRefused()
        throws
    {
        let scratch = try ScratchFolder()
        let path = try changed("llama", in: scratch) { weights in
            let norm = weights.first { $0.name == "model.norm.weight" }
            for index in weights.indices {
                weights[index].name = "foo." + weights[index].name
            }
            weights += norm.map { [$0] } ?? []
        }
        let error = #expect(throws: LoadingError.self) { try DecoderFolder(path) }
        #expect(error?.description.hasPrefix("\(path): the weights \"") == true)
        #expect(
            error?.description.hasSuffix(
                "both stand for \"model.norm.weight\"; one of them is expected"
            ) == true
        )
    }

    @Test("Tables of rotary angles are allowed") func tablesOfRotaryAnglesAreAllowed() throws {
        let scratch = try ScratchFolder()
        let path = try changed("llama", in: scratch) { weights in
            for name in [
                "model.layers.0.self_attn.rotary_emb.inv_freq",
                "model.layers.0.self_attn.rotary_emb.cos_cached", "model.rotary_emb.sin_cached",
            ] {
                weights.append(Weight(name: name, type: .float32, shape: [2], floats: [1, 2]))
            }
        }
        #expect(try logits(path) == logits(Self.fixtures + "/llama"))
    }

    @Test("The text part of Gemma 3 is read") func theTextPartOfGemma3IsRead() throws {
        let scratch = try ScratchFolder()
        let path = try changed("gemma3-tied", in: scratch) { weights in
            for index in weights.indices {
                weights[index].name = "language_model." + weights[index].name
            }
            for name in ["vision_tower.patch.weight", "multi_modal_projector.norm.weight"] {
                weights.append(Weight(name: name, type: .float32, shape: [2], floats: [1, 2]))
            }
        }
        let text = try CheckpointFolder(Self.fixtures + "/gemma3-tied").config
        let config: JSON = [
            "model_type": "gemma3", "text_config": text, "vision_config": ["hidden_size": 8],
            "eos_token_id": [1, 2],
        ]
        try AtomicFile.write(config.text(), to: scratch.file("config.json"))
        let opened = try DecoderFolder(path)
        #expect(
            opened.folder.warnings == [
                "\(path): 2 weights of parts that are not run are left out, such as "
                    + "\"multi_modal_projector.norm.weight\""
            ]
        )
        #expect(opened.config.json["model_type"] == "gemma3_text")
        #expect(try logits(path) == logits(Self.fixtures + "/gemma3-tied"))
    }

    /// Prevents quantized weights from being called missing.
    @Test(
        "Quantized weights are named for what they are",
        arguments: [
            ("model.layers.0.mlp.up_proj.qweight", "gptq", "GPTQ"),
            ("model.layers.0.mlp.up_proj.qweight", "awq", "AWQ"),
            ("model.layers.0.mlp.up_proj.weight.absmax", "bitsandbytes", "bitsandbytes"),
            ("model.layers.0.mlp.up_proj.weight", "fp8", "FP8"),
        ]
    )
    func quantizedWeightsAreNamedForWhatTheyAre(name: String, method: String, title: String) throws
    {
        let scratch = try ScratchFolder()
        let settings: JSON = ["quant_method": .string(method)]
        let path = try changed("llama", in: scratch, setting: [("quantization_config", settings)]) {
            weights in
            for index in weights.indices
            where weights[index].name == "model.layers.0.mlp.up_proj.weight" {
                weights[index].name = name
                if method == "fp8" { weights[index].type = .float8E4M3 }
            }
        }
        let error = #expect(throws: LoadingError.self) { try DecoderFolder(path) }
        #expect(
            error?.description
                == "\(path): the weights are quantized with \(title) (\"\(name)\"), which is not read; "
                + "take the unquantized model, or dequantize it in transformers and save it as bfloat16"
        )
    }

    @Test("A table of another size than vocab_size is an error with both sizes")
    func aTableOfAnotherSizeIsAnError() throws {
        let scratch = try ScratchFolder()
        let path = try changed("llama-tied", in: scratch, setting: [("vocab_size", 50)]) { _ in }
        let error = #expect(throws: LoadingError.self) { try ModelFolder(path) }
        #expect(
            error?.description
                == "\(path): the weight \"model.embed_tokens.weight\" has shape [48, 16]; config.json "
                + "calls for [50, 16]"
        )
    }

    /// Prevents learned positions from failing in the engine.
    @Test("Sequences longer than the positions are refused")
    func sequencesLongerThanThePositionsAreRefused() throws {
        let opt = try DecoderFolder(Self.fixtures + "/opt").config
        try opt.checkPositions(64)
        let error = #expect(throws: DecoderError.self) { try opt.checkPositions(65) }
        #expect(
            error?.description == "65 tokens are too many: this OPT model has 64 positions"
        )
        let phi = try DecoderFolder(Self.fixtures + "/phi3-long").config
        #expect(phi.contextLength == 16)
        #expect(throws: DecoderError.self) { try phi.checkPositions(17) }
        // Rotary positions go on.
        try DecoderFolder(Self.fixtures + "/llama").config.checkPositions(1000)
    }
}
