import Basics
import Checkpoints
import Decoders
import Foundation
import Fusing
import JamTesting
import Layers
import Testing

/// The plan as people and programs read it.
@Suite struct PlanTests {
    /// Prevents sizes that differ from those of the architectures, counted here by hand.
    @Test("Counts parameters") func countsParameters() throws {
        let fusion = try Fusion.ofFixtures()
        // V 300, D 8, keys 4 wide, feed-forward 12, two layers.
        let layer = 2 * 8 * 8 + 2 * 4 * 8 + 3 * 12 * 8 + 2 * 8
        let tower = 2 * layer + 8
        #expect(
            try fusion.plan(.uniform(textShare: 0.5)).parameterCount == 2 * 300 * 8 + tower
        )
        let wideLayer = 2 * 16 * 16 + 2 * 8 * 16 + 3 * 24 * 16 + 2 * 16
        #expect(
            try fusion.plan(.width(offDiagonal: .copy, norm: .whole)).parameterCount
                == 2 * 300 * 16 + 2 * wideLayer + 16
        )
        // Each direction has two norms.
        let bridge = 2 * (2 * 8 * 8 + 2 * 4 * 8 + 2 * 8)
        #expect(
            try fusion.plan(.cross(every: 1, direction: .both, start: .paper)).parameterCount
                == 2 * 300 * 8 + 2 * tower + 2 * bridge + 8 * 16
        )
        #expect(
            try fusion.plan(.cross(every: 2, direction: .toText, start: .preserving()))
                .parameterCount == 2 * 300 * 8 + 300 * 16 + 2 * tower + bridge / 2
        )
    }

    /// Prevents counts other than the paper's for two parents of CM3Leon-7B, and a plan that reads
    /// weights: these are a hole of 13 GB in a file.
    @Test("Has the papers sizes") func hasThePapersSizes() throws {
        let config = TowerConfig(
            .cm3leon,
            vocabularySize: 64_512,
            hiddenSize: 4096,
            layerCount: 32,
            headCount: 32,
            feedForwardSize: 4 * 4096,
            contextLength: 4096,
            tiesEmbeddings: true
        )
        let scratch = try ScratchFolder()
        let path = try TinyParent.writeHollow("parent", config, as: .bfloat16, in: scratch)
        let fusion = try Fusion(scratch, text: path, image: path)
        // Neither gains nor biases: 32 layers of 12 squares of 4,096, 4,098 positions.
        let (width, vocabulary) = (4096, 64_512)
        let (square, table) = (width * width, vocabulary * width)
        let (layers, positions) = (32 * 12 * square, 4098 * width)
        #expect(
            try fusion.plan(.uniform(textShare: 0.5)).parameterCount == layers + table + positions
        )
        #expect(
            try fusion.plan(.width(offDiagonal: .copy, norm: .whole)).parameterCount
                == 4 * layers + 2 * 2 * table + 2 * positions
        )
        let bridges = 32 * 2 * 4 * square
        let cross = try fusion.plan(.cross(every: 1, direction: .both, start: .preserving()))
        #expect(
            cross.parameterCount == 2 * (layers + table + positions) + bridges + 2 * table
        )
        #expect((17...19).contains(cross.parameterCount / 1_000_000_000))
    }

    /// Prevents a table that lies about the plan or does not line up.
    @Test("Reads as a table") func readsAsATable() throws {
        let plan = try Fusion.ofFixtures().plan(
            .cross(every: 2, direction: .both, start: .preserving())
        )
        #expect(
            // Notes name the folders of this run.
            plan.description.components(separatedBy: "\n\nnote: ")[0] == """
                JAM-Cross of
                  T  text (text)
                  I  image (image)

                part          tensors  parameters  made by
                ────────────  ───────  ──────────  ──────────────────────────────────
                embedding           1       2,400  copied from the text parent
                                    1       2,400  copied from the image parent
                attention           8         384  copied from the text parent
                                    8         384  copied from the image parent
                feed-forward        6         576  copied from the text parent
                                    6         576  copied from the image parent
                norms               5          40  copied from the text parent
                                    5          40  copied from the image parent
                bridges             5         144  copied from the text parent
                                    2         128  zero
                                    5         144  copied from the image parent
                head                1       4,800  image rows [0 | I], others [T | 0]
                ────────────  ───────  ──────────  ──────────────────────────────────
                all                53      12,016

                tokens          rows  ids
                ──────────────  ────  ───────────────────────────────
                text             256  0–255
                special tokens    23
                image codes       16  279–294
                others             5  other added tokens, unused rows
                ──────────────  ────  ───────────────────────────────
                all              300

                to write: 48.1 kB of F32 in 1 file
                """
        )
    }

    /// Prevents a form for programs that differs from the one for people.
    @Test("Is written as JSON") func isWrittenAsJSON() throws {
        let plan = try Fusion.ofFixtures().plan(.uniform(textShare: 0.25))
        guard case .object(let json) = try JSON(parsing: Array(plan.json.text().utf8)),
            case .array(let weights) = json["weights"]
        else {
            Issue.record("an object with weights is expected")
            return
        }
        #expect(json["parameters"] == .integer(plan.parameterCount))
        #expect(weights.count == plan.tensors.count)
        #expect(
            json["options"] == [
                "weight": 0.25, "vocabulary": "same", "max_shard_size": 5_000_000_000,
            ]
        )
        #expect(
            weights.first
                == .object([
                    "name": "model.embed_tokens.weight",
                    "shape": [300, 8],
                    "rule": "0.25 T + 0.75 I",
                    "from": [
                        ["parent": "text", "name": "model.embed_tokens.weight"],
                        ["parent": "image", "name": "model.embed_tokens.weight"],
                    ],
                ])
        )
    }

    /// Prevents parents whose angles differ from being averaged without a word.
    @Test("Notes settings that differ") func notesSettingsThatDiffer() throws {
        let scratch = try ScratchFolder()
        var other = TinyParent.config()
        other.parts.positions = .rotary(base: 500_000, scaling: .none)
        let fusion = try Fusion(
            scratch,
            text: TinyParent.write("text", TinyParent.config(), seed: 1, in: scratch),
            image: TinyParent.write("image", other, seed: 2, in: scratch)
        )
        #expect(
            try fusion.plan(.uniform(textShare: 0.5)).notes == [
                "rope_theta is 10000.0 in the text parent and 500000.0 in the image parent; "
                    + "the fused model has 10000.0"
            ]
        )
    }
}
