import Basics
import Checkpoints
import Decoders
import Foundation
import Fusing
import JamTesting
import Testing

/// What lies beside the weights of a fused folder.
@Suite struct FolderTests {
    /// Prevents a fused model that cannot be talked to, or whose origin nobody knows.
    @Test("Holds all that a checkpoint needs") func holdsAllThatACheckpointNeeds() throws {
        let fusion = try Fusion.ofFixtures()
        let image = fusion.parents.image.folder.path
        // The image tokenizer is a link in a folder that shares it.
        let tokens = try ScratchFolder()
        try tokens.write("config.json", "{\"codes\": 16}".utf8)
        var writer = try SafetensorsWriter(
            tokens.file("model.safetensors"),
            entries: [WeightEntry(name: "x", elementType: .uint8, shape: [1])]
        )
        try [UInt8(7)].withUnsafeBytes { try writer.write($0, to: "x") }
        try writer.finish()
        try FileManager.default.createSymbolicLink(
            atPath: image + "/image_tokenizer",
            withDestinationPath: tokens.path
        )
        let output = try fusion.run(FusionRecipe(.uniform(textShare: 0.5)))
        let names = try FileManager.default.contentsOfDirectory(atPath: output).sorted()
        #expect(
            names == [
                "README.md", "config.json", "image_tokenizer", "jam_manifest.json",
                "model.safetensors", "tokenizer.json", "tokenizer_config.json",
            ]
        )
        #expect(try CheckpointFolder(output + "/image_tokenizer").names == ["x"])

        let folder = try CheckpointFolder(output)
        let manifest = try #require(try folder.manifest())
        try manifest.verify(output)
        #expect(manifest.method == "uniform")
        #expect(manifest.options["weight"] == .number(0.5))
        #expect(manifest.inputs.map(\.name) == ["text", "image"])
        let card = try String(contentsOfFile: output + "/README.md", encoding: .utf8)
        #expect(card.hasPrefix("---\nbase_model:\n  - \"text\"\n  - \"image\"\n"))
        #expect(card.contains("\npipeline_tag: any-to-any\n"))
    }

    /// Prevents the loss of keys that other programs put into a config.
    @Test("Keeps unknown keys of the config") func keepsUnknownKeysOfTheConfig() throws {
        let fusion = try Fusion.ofFixtures()
        let path = fusion.parents.text.folder.path + "/config.json"
        guard case .object(var config) = fusion.parents.text.folder.config else {
            Issue.record("an object is expected")
            return
        }
        config["x_vendor"] = ["deep": [1, 2]]
        try AtomicFile.write(JSON.object(config).text(), to: path)
        let changed = try Fusion(
            fusion.scratch,
            text: fusion.scratch.file("text"),
            image: fusion.scratch.file("image")
        )
        for method: FusionMethod in [
            .uniform(textShare: 0.5), .width(offDiagonal: .copy, norm: .whole),
        ] {
            let plan = try changed.plan(method)
            #expect(plan.config["x_vendor"] == ["deep": [1, 2]])
            #expect(plan.config["torch_dtype"] == nil || plan.config["dtype"] == nil)
        }
    }

    /// Prevents an 8-bit parent from being fused without its scales.
    @Test("Reads parents in eight bits") func readsParentsInEightBits() throws {
        let fusion = try Fusion.ofFixtures()
        let text = fusion.parents.text.folder
        let small = try ScratchFolder()
        let name = "model.embed_tokens.weight"
        let (bytes, scales) = try Int8Rows.quantize(text.floats(of: name), rows: 300, columns: 8)
        var entries = text.names.filter { $0 != name }.compactMap { text.entry($0) }
        entries.append(WeightEntry(name: name, elementType: .int8, shape: [300, 8]))
        let scaleName = Int8Rows.scaleName(of: name)
        entries.append(WeightEntry(name: scaleName, elementType: .float32, shape: [300, 1]))
        var writer = try SafetensorsWriter(small.file("model.safetensors"), entries: entries)
        try bytes.withUnsafeBytes { try writer.write($0, to: name) }
        try scales.withUnsafeBytes { try writer.write($0, to: scaleName) }
        for other in text.names where other != name {
            try text.withBytes(of: other) { try writer.write($0, to: other) }
        }
        try writer.finish()
        for file in ["config.json", "tokenizer.json"] {
            try FileManager.default.copyItem(
                atPath: text.path + "/" + file,
                toPath: small.file(file)
            )
        }
        let mixed = try Fusion(
            fusion.scratch,
            text: small.path,
            image: fusion.scratch.file("image")
        )
        let output = try mixed.run(FusionRecipe(.uniform(textShare: 1)))
        let fused = try CheckpointFolder(output)
        #expect(fused.entry(name)?.elementType == .float32)
        let expected = try CheckpointFolder(small.path).floats(of: name)
        #expect(try fused.floats(of: name) == expected)
    }
}
