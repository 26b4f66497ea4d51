import Basics
import Checkpoints
import Decoders
import Foundation
import Fusing
import JamTesting
import Testing

/// The LLM that `scripts/base` fetches, if it is there.
private let smolLM2 = BaseFolders.current.paths
    .map { $0 + "/SmolLM2-135M-Instruct.Q4_1.gguf" }
    .first { FileManager.default.fileExists(atPath: $0) }

@Suite(.enabled(if: smolLM2 != nil)) struct SmolLM2DeltaTests {
    private static let dictionary =
        URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path + "/models/dictionary/image"

    // Prevents: a shipped model that is too large for a repository, or not the one that was made.
    @Test("A real LLM's fusion becomes a delta of a few megabytes, and the same fusion again")
    func realFusion() throws {
        let scratch = try ScratchFolder()
        let text = try #require(smolLM2)
        let method = FusionMethod.cross(
            every: 4,
            direction: .both,
            start: .preserving(untrained: nil)
        )
        let fused = try Fusion(scratch, text: text, image: Self.dictionary, vocabulary: .union)
            .run(FusionRecipe(method))
        let bases = try DeltaBases([text])

        let small = scratch.file("small")
        try DeltaExport(fused, bases: bases, storage: .int8).write(to: small)
        let sizes = try ["delta.json", "delta.safetensors"].map {
            try MappedFile(small + "/" + $0).bytes.count
        }
        #expect(sizes[0] < 500_000 && sizes[1] < 21_000_000, "\(sizes)")
        let names = try FileManager.default.contentsOfDirectory(atPath: small)
        #expect(!names.contains("tokenizer.json") && !names.contains("chat_template.jinja"))
        let (made, original) = (try CheckpointFolder(small), try CheckpointFolder(fused))
        for name in original.names where name.hasPrefix("towers.text.model.layers") {
            let isEqual = try original.withBytes(of: name) { bytes in
                try made.withBytes(of: name) { $0.elementsEqual(bytes) }
            }
            #expect(isEqual, "\(name)")
        }
        for name in ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"] {
            let file = try #require(try made.file(name))
            #expect(file.bytes.elementsEqual(try scratch.read("fused/\(name)")), "\(name)")
        }

        let exact = scratch.file("exact")
        try DeltaExport(fused, bases: bases).write(to: exact)
        let whole = scratch.file("whole")
        try FolderImport(exact, as: nil, maxShardSize: 5_000_000_000).write(to: whole)
        for name in ["model.safetensors", "tokenizer.json", "config.json"] {
            let (one, two) = (
                try MappedFile(whole + "/" + name), try MappedFile(fused + "/" + name)
            )
            #expect(try SHA256.hex(of: one) == SHA256.hex(of: two), "\(name)")
        }
    }
}
