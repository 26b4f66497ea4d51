import Basics
import Checkpoints
import Decoders
import Foundation
import JamTesting
import Layers
import Tensors
import Testing

/// A folder of `Fixtures/families`, as `families.py` wrote it.
private struct FamilyFolder {
    static let all = [
        "llama", "llama-biased", "mistral", "mistral-window", "qwen2", "qwen2-window", "qwen3",
        "chameleon", "opt", "opt-gelu", "cm3leon", "gemma3", "gemma3-scaled", "smollm3",
        "smollm3-window", "olmo2", "phi3", "phi3-long", "granite", "emu3",
    ].flatMap { [$0, $0 + "-tied"] }

    let path: String
    let loaded: ModelFolder
    private let file: SafetensorsFile

    init(_ name: String) throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
        path = tests.appending(path: "Fixtures/families/\(name)").path
        loaded = try ModelFolder(path)
        file = try SafetensorsFile(path + "/golden.safetensors")
    }

    func golden(_ name: String) throws -> Tensor {
        guard let entry = file.entry(name) else { throw WeightError.missing(name: name) }
        return try file.withBytes(of: name) { Tensor(bytes: $0, entry.shape, entry.elementType) }
    }
}

/// Every family against `transformers`: tied in one file, untied in shards.
@Suite struct FamiliesTests {
    @Test("Logits and gradients are those of transformers", arguments: FamilyFolder.all)
    func logitsAndGradientsAreThoseOfTransformers(name: String) throws {
        let folder = try FamilyFolder(name)
        try withTorchErrors { () throws in
            let (loaded, tokens) = (folder.loaded, try folder.golden("tokens"))
            for parameter in loaded.store.parameters { parameter.tensor.requiresGradient = true }
            let hiddenStates = loaded.model.hiddenStates(tokens, cache: nil)
            let logits = loaded.model.head.logits(hiddenStates)
            #expect(try distance(logits, folder.golden("logits")) < 1e-4)

            let targets = try folder.golden("targets").integers()
            loaded.model.head.crossEntropy(
                hiddenStates.reshaped([-1, hiddenStates.size(2)]),
                targets: targets,
                weights: targets.map { _ in 1 / Float(targets.count) }
            ).loss.backward()
            guard case .tower(let config) = loaded.config else { return }
            let table = try #require(
                loaded.store.parameters.first { $0.spec.name == config.tableName }
            )
            let gradient = try #require(table.tensor.gradient)
            #expect(try distance(gradient, folder.golden("gradient")) < 1e-4)
        }
    }

    /// Prevents a wrong position, a lost key, or a window that a cache forgets.
    @Test("Cached decode equals uncached", arguments: FamilyFolder.all)
    func cachedDecodeEqualsUncached(name: String) throws {
        let folder = try FamilyFolder(name)
        try withTorchErrors { () throws in
            try withoutGradients {
                let (model, tokens) = (folder.loaded.model, try folder.golden("tokens"))
                let whole = model.logits(tokens)
                let cache = KeyValueCache()
                for part in [0..<4, 4..<5, 5..<6, 6..<9, 9..<11] {
                    let logits = model.logits(tokens.narrowed(1, part), cache: cache)
                    #expect(try distance(logits, whole.narrowed(1, part)) < 1e-4)
                }
            }
        }
    }

    /// Prevents padding from shifting the positions of a row or filling its window.
    @Test("Padded rows equal rows alone", arguments: FamilyFolder.all)
    func paddedRowsEqualRowsAlone(name: String) throws {
        let folder = try FamilyFolder(name)
        try withTorchErrors { () throws in
            try withoutGradients {
                let model = folder.loaded.model
                let tokens = try folder.golden("tokens").integers()
                // The second row is three tokens longer than the first.
                let rows = [Array(tokens[3..<11]), Array(tokens[11..<22])]
                let alone = rows.map { model.logits(TokenRows([$0])) }
                let cache = KeyValueCache()
                var read = [0, 0]
                for counts in [[4, 7], [1, 1], [3, 3]] {
                    let parts = rows.indices.map { rows[$0][read[$0]..<read[$0] + counts[$0]] }
                    let logits = model.logits(TokenRows(parts.map(Array.init)), cache: cache)
                    for row in rows.indices {
                        let seen = logits.narrowed(0, row..<row + 1).narrowed(1, 0..<counts[row])
                        let expected = alone[row].narrowed(1, read[row]..<read[row] + counts[row])
                        #expect(try distance(seen, expected) < 1e-4)
                        read[row] += counts[row]
                    }
                }
                #expect(cache.lengths == [8, 11])
            }
        }
    }

    /// Prevents the loss of weights and unknown keys when a model is opened and saved.
    @Test("Folders survive a round trip", arguments: FamilyFolder.all)
    func foldersSurviveARoundTrip(name: String) throws {
        let folder = try FamilyFolder(name)
        let loaded = folder.loaded
        guard case .object(var original) = loaded.folder.config else { return }
        original["x_vendor"] = ["deep": [1, 2]]
        let config = try DecoderConfig(JSONReader(.object(original), source: "config.json"))
        #expect(config.json["x_vendor"] == ["deep": [1, 2]])
        // All members that transformers writes are kept, except for alternative spellings.
        let respelt = [
            "dtype", "rope_parameters", "layer_types", "text_config", "sliding_window",
            "use_bidirectional_attention", "final_logit_softcapping", "attn_logit_softcapping",
            "_sliding_window_pattern", "no_rope_layer_interval",
        ]
        for key in original.keys where !respelt.contains(key) {
            let kept = config.json[key]
            #expect(kept == original[key] || key == "max_window_layers", "\(key)")
        }
        let again = try DecoderConfig(JSONReader(.object(config.json), source: "config.json"))
        #expect(again == config)

        let scratch = try ScratchFolder()
        let weights = loaded.store.parameters + (try loaded.auxiliaryWeights())
        try WeightStorage.float32.write(weights, to: scratch.path)
        try AtomicFile.write(
            JSON.object(config.json).text(.indented) + "\n",
            to: scratch.file("config.json")
        )
        let written = try ModelFolder(scratch.path)
        #expect(Set(written.folder.names) == Set(loaded.folder.names))
        for name in loaded.folder.names {
            #expect(try written.folder.floats(of: name) == loaded.folder.floats(of: name))
        }
        // Kept for `Fixtures/check_live.py`, which a person runs.
        if let keep = ProcessInfo.processInfo.environment["FAMILIES_OUTPUT"] {
            try FileManager.default.copyItem(atPath: scratch.path, toPath: keep + "/" + name)
        }
    }

    /// Prevents weights in half precision from being read as float32.
    @Test("Every float is widened", arguments: [FloatFormat.float32, .bfloat16, .float16])
    func everyFloatIsWidened(format: FloatFormat) throws {
        let loaded = try FamilyFolder("opt-tied").loaded
        let scratch = try ScratchFolder()
        let names = loaded.folder.names
        let entries = names.compactMap { name in
            loaded.folder.entry(name).map {
                WeightEntry(name: name, elementType: format.elementType, shape: $0.shape)
            }
        }
        var writer = try SafetensorsWriter(scratch.file("model.safetensors"), entries: entries)
        for name in names {
            try format.bytes(from: loaded.folder.floats(of: name)).withUnsafeBytes {
                try writer.write($0, to: name)
            }
        }
        try writer.finish()
        try AtomicFile.write(loaded.folder.config.text(), to: scratch.file("config.json"))
        let narrow = try ModelFolder(scratch.path)
        for parameter in narrow.store.parameters {
            let full = try loaded.folder.floats(of: parameter.spec.name)
            let rounded = format.bytes(from: full).withUnsafeBytes { format.floats(from: $0) }
            #expect(parameter.tensor.elementType == .float32)
            #expect(try parameter.tensor.floats() == rounded)
        }
    }

    @Test("Chameleons encoder is kept apart") func chameleonsEncoderIsKeptApart() throws {
        let loaded = try FamilyFolder("chameleon").loaded
        let names = try loaded.auxiliaryWeights().map(\.spec.name)
        #expect(names.contains("model.vqmodel.quantize.embedding.weight"))
        #expect(names.allSatisfy { $0.hasPrefix("model.vqmodel.") })
        #expect(loaded.store.parameters.allSatisfy { !$0.spec.name.contains("vqmodel") })
    }
}
