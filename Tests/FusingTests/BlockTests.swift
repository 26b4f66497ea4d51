import Basics
import Checkpoints
import Decoders
import Foundation
import Fusing
import JamTesting
import Testing

/// Weights are made in blocks that begin anywhere in a row.
@Suite struct BlockTests {
    private static let methods: [FusionMethod] = [
        .uniform(textShare: 0.3), .width(offDiagonal: .copy, norm: .whole),
        .width(offDiagonal: .average, norm: .halves), .width(offDiagonal: .zero, norm: .whole),
        .cross(every: 1, direction: .both, start: .paper),
        .cross(every: 2, direction: .both, start: .preserving(untrained: "<|system|>")),
    ]

    /// Tables of 2,500 rows: several blocks each, whose edges lie within rows of 100 numbers.
    private static func fusion(imageWidth: Int = 100, as format: FloatFormat) throws -> Fusion {
        let scratch = try ScratchFolder()
        func parent(_ name: String, width: Int, seed: UInt64) throws -> String {
            let config = TinyParent.config(width: width, heads: 2, vocabulary: 2500)
            return try TinyParent.write(name, config, seed: seed, as: format, in: scratch)
        }
        return try Fusion(
            scratch,
            text: parent("text", width: 100, seed: 1),
            image: parent("image", width: imageWidth, seed: 2)
        )
    }

    /// Prevents numbers that depend on where a block begins: shards of other sizes move all edges.
    @Test(
        "Weights are the same in files of any size",
        arguments: methods.indices,
        FloatFormat.allCases
    )
    func weightsAreTheSameInFilesOfAnySize(_ index: Int, _ format: FloatFormat) throws {
        let fusion = try Self.fusion(as: format)
        try expectLikeFolders(fusion, Self.methods[index])
    }

    /// Prevents initial weights that repeat with each block.
    @Test("Fresh weights are the same in files of any size")
    func freshWeightsAreTheSameInFilesOfAnySize() throws {
        let fusion = try Self.fusion(imageWidth: 600, as: .float32)
        let method = FusionMethod.cross(every: 1, direction: .both, start: .preserving())
        try expectLikeFolders(fusion, method)
    }

    private func expectLikeFolders(_ fusion: Fusion, _ method: FusionMethod) throws {
        let whole = try CheckpointFolder(fusion.run(FusionRecipe(method), to: "whole"))
        for (name, size) in [("a", 1), ("b", 1_300_000)] {
            let recipe = FusionRecipe(method, maxShardSize: size)
            let other = try CheckpointFolder(fusion.run(recipe, to: name))
            #expect(other.weightFiles.count > 1)
            for weight in whole.names {
                let expected = try whole.withBytes(of: weight) { Array($0) }
                #expect(try other.withBytes(of: weight) { Array($0) } == expected, "\(weight)")
            }
        }
    }

    /// Prevents a wrong place in large weights; small ones are those of numpy elsewhere.
    @Test("Large tables are those of the parents") func largeTablesAreThoseOfTheParents() throws {
        let fusion = try Self.fusion(as: .float32)
        let table = "model.embed_tokens.weight"
        let text = try fusion.parents.text.folder.floats(of: table)
        let image = try fusion.parents.image.folder.floats(of: table)
        let uniform = try CheckpointFolder(
            fusion.run(FusionRecipe(.uniform(textShare: 0.25)), to: "uniform")
        )
        let mean = zip(text, image).map { (t: Float, i: Float) -> Float in 0.25 * t + 0.75 * i }
        #expect(try uniform.floats(of: table) == mean)

        let wide = try CheckpointFolder(
            fusion.run(FusionRecipe(.width(offDiagonal: .copy, norm: .whole)), to: "wide")
        )
        let rows = (0..<2500).flatMap { row -> [Float] in
            let line = row * 100..<(row + 1) * 100
            return Array(text[line]) + Array(image[line])
        }
        #expect(try wide.floats(of: table) == rows)
    }

    /// Prevents a manifest that claims more, or less, than was looked at.
    @Test("Digests of the parents' weights are taken where asked", arguments: [false, true])
    func digestsOfTheParentsWeightsAreTakenWhereAsked(_ verifying: Bool) throws {
        let fusion = try Fusion.ofFixtures()
        let plan = try fusion.plan(.uniform(textShare: 0.5))
        let output = fusion.scratch.file("fused")
        var last: FusionPlan.Progress?
        try plan.run(to: output, verifying: verifying) { last = $0 }
        #expect(last?.byteCount == plan.byteCount * (verifying ? 2 : 1))
        #expect(last?.total == last?.byteCount)
        let manifest = try #require(try CheckpointFolder(output).manifest())
        try manifest.verify(output)
        #expect(manifest.files.allSatisfy { $0.sha256 != nil })
        for file in manifest.inputs.flatMap(\.files) {
            let isExpected = verifying || !file.name.hasSuffix(".safetensors")
            #expect((file.sha256 != nil) == isExpected, "\(file.name)")
        }
        #expect(manifest.inputs.map(\.files.count) == [2, 2])
    }
}
