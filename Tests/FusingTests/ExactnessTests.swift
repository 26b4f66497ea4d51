import Checkpoints
import Decoders
import Foundation
import Fusing
import JamTesting
import Testing
import Vocabulary

/// What the methods promise about a fused model before it is trained.
@Suite struct ExactnessTests {
    private static let vocabulary = 300
    private static let imageRows = 279..<295

    private struct Shape: Sendable {
        let text: TowerConfig
        let image: TowerConfig
        var every = 1
    }

    private static let shapes: [Shape] = [
        Shape(text: TinyParent.config(tied: true), image: TinyParent.config()),
        // Unlike widths, depths, heads and head widths.
        Shape(
            text: TinyParent.config(width: 24, layers: 5, heads: 4),
            image: TinyParent.config(width: 8, layers: 2, heads: 2),
            every: 2
        ),
        Shape(
            text: TinyParent.config(layers: 1),
            image: TinyParent.config(width: 16, layers: 3),
            every: 1
        ),
    ]

    /// Prevents a Cross model from forgetting either parent before training begins.
    @Test(
        "Preserving cross has its parents logits",
        arguments: shapes.indices,
        CrossConfig.Direction.allCases
    )
    func preservingCrossHasItsParentsLogits(
        _ index: Int,
        _ direction: CrossConfig.Direction
    ) throws {
        let shape = Self.shapes[index]
        let scratch = try ScratchFolder()
        let text = try TinyParent.write("text", shape.text, seed: 1, in: scratch)
        let image = try TinyParent.write("image", shape.image, seed: 2, in: scratch)
        let fusion = try Fusion(scratch, text: text, image: image)
        let output = try fusion.run(
            FusionRecipe(
                .cross(every: shape.every, direction: direction, start: .preserving())
            )
        )
        let fused = try TinyParent.logits(output)
        let (ofText, ofImage) = (try TinyParent.logits(text), try TinyParent.logits(image))
        var expected = ofText
        for place in expected.indices where Self.imageRows.contains(place % Self.vocabulary) {
            expected[place] = ofImage[place]
        }
        #expect(largestDifference(fused, expected) < 1e-5)
        // The parents must differ, or the comparison would prove nothing.
        #expect(largestDifference(ofText, ofImage) > 0.1)
    }

    /// Prevents rows that a parent never learned from disturbing its tower, and learned ones from
    /// being lost.
    @Test("Untrained rows start at zero") func untrainedRowsStartAtZero() throws {
        let scratch = try ScratchFolder()
        let (width, table) = (8, "model.embed_tokens.weight")
        let system = try TinyParent.tokenizer().encodeWithAddedTokens("<|system|>")[0]
        // The first points as the row of `<|system|>` does; the others do not.
        let (alike, opposite, near) = (40, 41, 42)
        func write(_ name: String, seed: UInt64) throws -> String {
            try TinyParent.write(name, TinyParent.config(), seed: seed, in: scratch) {
                weight,
                floats in
                guard weight == table else { return floats }
                var floats = floats
                for column in 0..<width {
                    let value = floats[system * width + column]
                    floats[alike * width + column] = 2 * value
                    floats[opposite * width + column] = -value
                    floats[near * width + column] = column == 0 ? value + 1 : value
                }
                return floats
            }
        }
        let fusion = try Fusion(
            scratch,
            text: write("text", seed: 1),
            image: write("image", seed: 2)
        )
        let start = CrossStart.preserving(untrained: "<|system|>")
        let output = try fusion.run(
            FusionRecipe(.cross(every: 2, direction: .both, start: start))
        )
        let fused = try CheckpointFolder(output)
        for parent in [fusion.parents.text, fusion.parents.image] {
            var expected = try parent.folder.floats(of: table)
            for row in [system, alike] {
                for column in 0..<width { expected[row * width + column] = 0 }
            }
            let found = try fused.floats(of: "towers.\(parent.role.rawValue).\(table)")
            #expect(found == expected)
        }
    }

    /// Prevents halves that leak into each other, or heads in the wrong order.
    @Test("Width by halves has the mean of the logits") func widthByHalvesHasTheMeanOfTheLogits()
        throws
    {
        let fusion = try Fusion.ofFixtures()
        let output = try fusion.run(FusionRecipe(.width(offDiagonal: .zero, norm: .halves)))
        let text = try TinyParent.logits(fusion.parents.text.folder.path)
        let image = try TinyParent.logits(fusion.parents.image.folder.path)
        let mean = zip(text, image).map { ($0 + $1) / 2 }
        #expect(try largestDifference(TinyParent.logits(output), mean) < 1e-5)
    }

    /// Prevents a share that is given to the wrong parent.
    @Test("Uniform of one share is that parent", arguments: [1.0, 0.0])
    func uniformOfOneShareIsThatParent(_ share: Double) throws {
        let fusion = try Fusion.ofFixtures()
        let output = try fusion.run(FusionRecipe(.uniform(textShare: share)))
        let parent = share == 1 ? fusion.parents.text : fusion.parents.image
        let expected = try TinyParent.logits(parent.folder.path)
        #expect(try largestDifference(TinyParent.logits(output), expected) == 0)
    }

    /// Prevents tables, mixer or bridges that are not as the paper has them.
    @Test("Paper cross is made as the paper says") func paperCrossIsMadeAsThePaperSays() throws {
        let fusion = try Fusion.ofFixtures()
        let output = try fusion.run(
            FusionRecipe(.cross(every: 2, direction: .both, start: .paper))
        )
        let fused = try CheckpointFolder(output)
        let (text, image) = (fusion.parents.text.folder, fusion.parents.image.folder)
        let table = "model.embed_tokens.weight"

        var rows = try text.floats(of: table)
        let imageTable = try image.floats(of: table)
        for place in rows.indices where Self.imageRows.contains(place / 8) {
            rows[place] = imageTable[place]
        }
        #expect(try fused.floats(of: "embed_tokens.weight") == rows)
        // The text parent's head is its table.
        rows = try text.floats(of: table)
        let imageHead = try image.floats(of: "lm_head.weight")
        for place in rows.indices where Self.imageRows.contains(place / 8) {
            rows[place] = imageHead[place]
        }
        #expect(try fused.floats(of: "lm_head.weight") == rows)

        let mixer = try fused.floats(of: "mixer.weight")
        #expect(mixer.indices.allSatisfy { mixer[$0] == ($0 % 16 % 8 == $0 / 16 ? 0.5 : 0) })
        for projection in ["q_proj", "k_proj", "v_proj", "o_proj"] {
            let place = "model.layers.1.self_attn.\(projection).weight"
            for (way, parent) in [("to_text", text), ("to_image", image)] {
                let bridge = try fused.floats(of: "bridges.0.\(way).\(projection).weight")
                #expect(try bridge == parent.floats(of: place))
            }
        }
        // It runs.
        #expect(try TinyParent.logits(output).allSatisfy(\.isFinite))
    }

    /// Prevents fresh weights that are not fresh, not seeded or of the wrong spread.
    @Test("Fresh bridges come from the seed") func freshBridgesComeFromTheSeed() throws {
        let scratch = try ScratchFolder()
        let fusion = try Fusion(
            scratch,
            text: TinyParent.write("text", Self.shapes[1].text, seed: 1, in: scratch),
            image: TinyParent.write("image", Self.shapes[1].image, seed: 2, in: scratch)
        )
        let method = FusionMethod.cross(every: 5, direction: .both, start: .preserving())
        func keys(_ seed: UInt64, _ name: String) throws -> [Float] {
            let output = try fusion.run(FusionRecipe(method, seed: seed), to: name)
            return try CheckpointFolder(output).floats(of: "bridges.0.to_image.k_proj.weight")
        }
        let first = try keys(1, "a")
        #expect(try first == keys(1, "b"))
        #expect(try first != keys(2, "c"))
        let square = first.reduce(0) { $0 + $1 * $1 } / Float(first.count)
        #expect(abs(square.squareRoot() - 0.02) < 0.005)
    }
}
