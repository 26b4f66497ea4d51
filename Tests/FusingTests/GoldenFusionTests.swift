import Basics
import Checkpoints
import Foundation
import Fusing
import JamTesting
import Testing

/// Every number of a fused folder against numpy, and its logits against `transformers`.
@Suite struct GoldenFusionTests {
    private static let cases: [(name: String, recipe: FusionRecipe)] = [
        ("uniform", FusionRecipe(.uniform(textShare: 0.3))),
        ("uniform-bf16", FusionRecipe(.uniform(textShare: 0.3), format: .bfloat16)),
        ("width-copy", FusionRecipe(.width(offDiagonal: .copy, norm: .whole))),
        ("width-average", FusionRecipe(.width(offDiagonal: .average, norm: .whole))),
        (
            "width-zero",
            FusionRecipe(.width(offDiagonal: .zero, norm: .whole), maxShardSize: 20_000)
        ),
    ]

    /// Prevents a swapped block, a wrong share, and a tied head that is left out.
    @Test("Every weight is that of numpy", arguments: cases.indices)
    func everyWeightIsThatOfNumpy(_ index: Int) throws {
        let (name, recipe) = Self.cases[index]
        let fusion = try Fusion.ofFixtures()
        let folder = try CheckpointFolder(try fusion.run(recipe))
        let golden = try Golden.digests(name)
        #expect(Set(folder.names) == Set(golden.keys))
        for weight in folder.names {
            let digest = try folder.withBytes(of: weight) { SHA256.hex(of: $0) }
            #expect(digest == golden[weight], "\(name): \(weight)")
        }
    }

    /// Prevents a config that does not belong to the weights.
    @Test(
        "Logits are those of transformers",
        arguments: cases.indices.filter { cases[$0].name != "uniform-bf16" }
    )
    func logitsAreThoseOfTransformers(_ index: Int) throws {
        let (name, recipe) = Self.cases[index]
        let fusion = try Fusion.ofFixtures()
        let output = try fusion.run(recipe)
        let difference = try largestDifference(TinyParent.logits(output), Golden.logits(name))
        #expect(difference < 1e-4, "\(name)")
        // Kept for `Fixtures/check_fused.py`, which a person runs.
        if let keep = ProcessInfo.processInfo.environment["FUSED_OUTPUT"] {
            try FileManager.default.copyItem(atPath: output, toPath: keep + "/" + name)
        }
    }
}
