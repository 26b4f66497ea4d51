import Basics
import Checkpoints
import Decoders
import Foundation
import Fusing
import JamTesting
import Testing
import Vocabulary

/// Deltas of fused models.
@Suite struct DeltaFusionTests {
    /// A fusion of parents with unlike tokenizers and widths, and tied embeddings in the text parent.
    private static func fused() throws -> (fusion: Fusion, path: String) {
        let fusion = try Fusion.union(
            TinyParent.config(.llama, width: 64, layers: 2, vocabulary: 712, tied: true),
            TinyParent.config(.chameleon, width: 24, layers: 2, vocabulary: 840),
            textFormat: .bfloat16
        )
        let cross = FusionMethod.cross(
            every: 1,
            direction: .both,
            start: .preserving(untrained: nil)
        )
        let path = try fusion.run(FusionRecipe(cross))
        return (fusion, path)
    }

    // Prevents: an LLM shipped inside the model that was to leave it out.
    @Test("A delta of a fusion stores nothing of its text parent")
    func storesNothingOfTheTextParent() throws {
        let (fusion, fused) = try Self.fused()
        let scratch = fusion.scratch
        let delta = scratch.file("delta")
        let bases = try DeltaBases([scratch.file("text")], seenFrom: delta)
        try DeltaExport(fused, bases: bases).write(to: delta)

        let (made, original) = (try CheckpointFolder(delta), try CheckpointFolder(fused))
        #expect(made.names.sorted() == original.names.sorted())
        for name in original.names {
            let bytes = try original.withBytes(of: name) { Array($0) }
            #expect(try made.withBytes(of: name) { Array($0) } == bytes, "\(name)")
        }
        let stored = try SafetensorsFile(delta + "/delta.safetensors")
        let ofText = stored.names.filter { $0.hasPrefix("towers.text.") }
        #expect(ofText == ["towers.text.model.embed_tokens.weight:rows"])
        // Special tokens and image codes, and the mean of pieces for the words that T lacks.
        let table = try #require(stored.entry("towers.text.model.embed_tokens.weight:rows"))
        let rows = try #require(original.entry("towers.text.model.embed_tokens.weight")?.shape[0])
        #expect(table.shape[1] == 64 && table.shape[0] <= rows - 706)
        // The head: T's tied table beside zeros, zeros beside I's rows.
        #expect(stored.entry("lm_head.weight") == nil)
        #expect(try Tokenizer(contentsOf: URL(filePath: delta)).space.count > 712)
        #expect(try TinyParent.logits(delta) == TinyParent.logits(fused))

        let whole = scratch.file("whole")
        try FolderImport(delta, as: nil, maxShardSize: 1 << 30).write(to: whole)
        for name in ["model.safetensors", "tokenizer.json", "config.json", "README.md"] {
            #expect(try scratch.read("whole/\(name)") == scratch.read("fused/\(name)"), "\(name)")
        }
    }

    @Test("With both parents as bases only what the fusion added is stored")
    func bothParents() throws {
        let (fusion, fused) = try Self.fused()
        let scratch = fusion.scratch
        let paths = ["text", "image"].map(scratch.file)
        let bases = try DeltaBases(paths, seenFrom: scratch.file("delta"))
        try DeltaExport(fused, bases: bases).write(to: scratch.file("delta"))
        let stored = try SafetensorsFile(scratch.file("delta/delta.safetensors"))
        let others = stored.names.filter { name in
            !name.hasPrefix("bridges.") && !name.contains(":rows")
        }
        #expect(others == [])
        #expect(
            try TinyParent.logits(scratch.file("delta")) == TinyParent.logits(scratch.file("fused"))
        )
    }

    @Test("A delta is a parent like any other")
    func parent() throws {
        let scratch = try ScratchFolder()
        let text = try TinyParent.golden("text", in: scratch)
        let image = try TinyParent.golden("image", in: scratch)
        let delta = scratch.file("delta")
        try DeltaExport(text, bases: DeltaBases([text], seenFrom: delta)).write(to: delta)
        #expect(try SafetensorsFile(delta + "/delta.safetensors").names == [])
        let method = FusionMethod.uniform(textShare: 0.5)
        let output = try Fusion(scratch, text: delta, image: image).run(FusionRecipe(method))
        let expected = try Fusion(scratch, text: text, image: image)
            .run(FusionRecipe(method), to: "expected")
        for name in ["model.safetensors", "tokenizer.json", "config.json"] {
            let bytes = try MappedFile.contents(of: expected + "/" + name)
            #expect(try MappedFile.contents(of: output + "/" + name) == bytes, "\(name)")
        }
    }
}
