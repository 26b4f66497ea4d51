import Basics
import Checkpoints
import Decoders
import Foundation
import Fusing
import JamTesting
import Layers
import Tensors
import Testing

/// What the methods promise, for parents of every family.
@Suite struct FamilyFusionTests {
    private static let imageRows = 279..<295

    /// Sizes that every family can have.
    private static func config(
        _ family: Family,
        width: Int = 16,
        layers: Int = 2,
        tied: Bool = false
    ) -> TowerConfig {
        TinyParent.config(family, width: width, layers: layers, tied: tied)
    }

    private static func fusion(_ text: TowerConfig, _ image: TowerConfig) throws -> Fusion {
        let scratch = try ScratchFolder()
        return try Fusion(
            scratch,
            text: TinyParent.write("text", text, seed: 1, drawingAll: true, in: scratch),
            image: TinyParent.write("image", image, seed: 2, drawingAll: true, in: scratch)
        )
    }

    private static func logits(_ fusion: Fusion) throws -> (text: [Float], image: [Float]) {
        (
            try TinyParent.logits(fusion.parents.text.folder.path),
            try TinyParent.logits(fusion.parents.image.folder.path)
        )
    }

    /// Each family as the text parent of the next one.
    private static let neighbours = zip(
        Family.allCases,
        Family.allCases.dropFirst() + [.llama]
    ).map { (config($0, tied: true), config($1, width: 24, layers: 3)) }

    /// Prevents a Cross model of unlike families from forgetting either parent.
    @Test(
        "Preserving cross has its parents logits",
        arguments: [
            (config(.llama, width: 64, layers: 4), config(.chameleon, width: 96, layers: 6))
        ] + neighbours
    )
    func preservingCrossHasItsParentsLogits(text: TowerConfig, image: TowerConfig) throws {
        let fusion = try Self.fusion(text, image)
        let output = try fusion.run(
            FusionRecipe(.cross(every: 1, direction: .both, start: .preserving()))
        )
        let (ofText, ofImage) = try Self.logits(fusion)
        var expected = ofText
        for place in expected.indices where Self.imageRows.contains(place % 300) {
            expected[place] = ofImage[place]
        }
        #expect(try largestDifference(TinyParent.logits(output), expected) < 1e-5)
        #expect(largestDifference(ofText, ofImage) > 0.1)
    }

    /// Prevents bridges that leave out a part of the attention that they begin as.
    @Test("Paper cross copies every part of attention") func paperCrossCopiesEveryPartOfAttention()
        throws
    {
        let fusion = try Self.fusion(Self.config(.opt), Self.config(.qwen3))
        let output = try fusion.run(
            FusionRecipe(.cross(every: 1, direction: .both, start: .paper))
        )
        let fused = try CheckpointFolder(output)
        let (text, image) = (fusion.parents.text.folder, fusion.parents.image.folder)
        for (bridge, parent, own) in [
            ("to_text.o_proj.bias", text, "model.decoder.layers.1.self_attn.out_proj.bias"),
            ("to_text.k_proj.weight", text, "model.decoder.layers.1.self_attn.k_proj.weight"),
            ("to_image.q_norm.weight", image, "model.layers.1.self_attn.q_norm.weight"),
            (
                "to_text.input_norm.bias", text,
                "model.decoder.layers.1.self_attn_layer_norm.bias"
            ),
            (
                "to_text.source_norm.weight", text,
                "model.decoder.layers.1.self_attn_layer_norm.weight"
            ),
            ("to_image.source_norm.weight", image, "model.layers.1.input_layernorm.weight"),
        ] {
            let copied = try fused.floats(of: "bridges.1.\(bridge)")
            #expect(try copied == parent.floats(of: own), "\(bridge)")
        }
        #expect(try TinyParent.logits(output).allSatisfy(\.isFinite))
    }

    /// Prevents bridges that read a norm without the weights that its attention was trained with: a
    /// bridge between two copies of one parent is its layer's attention once more.
    @Test(
        "Paper cross of one parent repeats its attention",
        // Bridges leave out norms after attention.
        arguments: Family.allCases.filter { $0 != .gemma3 && $0 != .olmo2 }
    )
    func paperCrossOfOneParentRepeatsItsAttention(family: Family) throws {
        // The feed-forward layers above the first are nothing, so that attention follows attention.
        func isNothing(_ name: String) -> Bool {
            !name.contains("layers.0.") && (name.contains(".fc2.") || name.contains("down_proj"))
        }
        let scratch = try ScratchFolder()
        func write(_ name: String, layers: Int, _ change: @escaping (String, [Float]) -> [Float])
            throws -> String
        {
            let config = Self.config(family, layers: layers)
            return try TinyParent.write(
                name,
                config,
                seed: 1,
                drawingAll: true,
                in: scratch,
                changing: { isNothing($0) ? $1.map { _ in 0 } : change($0, $1) }
            )
        }
        let parent = try write("parent", layers: 2) { $1 }
        let weights = try CheckpointFolder(parent)
        let repeated = try write("repeated", layers: 3) { name, floats in
            (try? weights.floats(of: name.replacing("layers.2.", with: "layers.1."))) ?? floats
        }
        let fusion = try Fusion(scratch, text: parent, image: parent)
        let output = try fusion.run(FusionRecipe(.cross(every: 2, direction: .both, start: .paper)))
        let expected = try TinyParent.logits(repeated)
        #expect(try largestDifference(TinyParent.logits(output), expected) < 1e-6)
        #expect(try largestDifference(TinyParent.logits(parent), expected) > 0.01)
    }

    /// Prevents halves that leak into each other: norms, head norms, biases, positions.
    @Test("Width by halves has the mean of the logits", arguments: Family.allCases)
    func widthByHalvesHasTheMeanOfTheLogits(family: Family) throws {
        let fusion = try Self.fusion(Self.config(family), Self.config(family, tied: true))
        let output = try fusion.run(FusionRecipe(.width(offDiagonal: .zero, norm: .halves)))
        let (text, image) = try Self.logits(fusion)
        let mean = zip(text, image).map { ($0 + $1) / 2 }
        #expect(try largestDifference(TinyParent.logits(output), mean) < 1e-5)
    }

    @Test("Uniform of one share is that parent", arguments: Family.allCases)
    func uniformOfOneShareIsThatParent(family: Family) throws {
        let fusion = try Self.fusion(Self.config(family), Self.config(family))
        let output = try fusion.run(FusionRecipe(.uniform(textShare: 1)))
        let expected = try TinyParent.logits(fusion.parents.text.folder.path)
        #expect(try largestDifference(TinyParent.logits(output), expected) == 0)
    }

    /// Prevents an ordinary folder of twice the width that its family would not read.
    @Test(
        "Whole width is of the family",
        arguments: [
            Family.llama, .mistral, .qwen2, .opt, .cm3leon, .smollm3, .olmo2, .phi3, .granite,
            .emu3,
        ]
    )
    func wholeWidthIsOfTheFamily(family: Family) throws {
        let fusion = try Self.fusion(Self.config(family), Self.config(family))
        let output = try fusion.run(FusionRecipe(.width(offDiagonal: .copy, norm: .whole)))
        let folder = try ModelFolder(output)
        guard case .tower(let config) = folder.config else { return }
        #expect(config.family == family && config.hiddenSize == 32 && config.headCount == 8)
        #expect(try TinyParent.logits(output).allSatisfy(\.isFinite))
    }

    private func refusal(_ method: FusionMethod, _ text: TowerConfig, _ image: TowerConfig)
        throws -> String?
    {
        let fusion = try Self.fusion(text, image)
        let error = #expect(throws: FusionError.self) { try fusion.plan(method) }
        return error?.description
    }

    @Test("What cannot be fused so says what can") func whatCannotBeFusedSoSaysWhatCan() throws {
        let whole = FusionMethod.width(offDiagonal: .copy, norm: .whole)
        let uniform = FusionMethod.uniform(textShare: 0.5)
        let norms =
            "each parent's heads need their own scale; use the norm \"halves\", or cross"
        #expect(
            try refusal(whole, Self.config(.qwen3), Self.config(.qwen3))
                == "width with the norm \"whole\" cannot widen Qwen3: it normalizes queries and keys "
                + "in each head (\"model.layers.0.self_attn.q_norm.weight\" [4]), and \(norms)"
        )
        #expect(
            try refusal(whole, Self.config(.chameleon), Self.config(.chameleon))
                == "width with the norm \"whole\" cannot widen Chameleon: it normalizes queries and "
                + "keys in each head (\"model.layers.0.self_attn.q_norm.weight\" [4, 4]), and "
                + norms
        )
        #expect(
            try refusal(uniform, Self.config(.llama), Self.config(.chameleon))
                == "uniform needs parents of one architecture: query-key norm is none in the text "
                + "parent and layer norm, one per head in the image parent; cross joins any "
                + "two parents"
        )
        #expect(
            try refusal(whole, Self.config(.opt), Self.config(.cm3leon))
                == "width needs parents of one architecture: norm is layer norm in the text parent "
                + "and layer norm without parameters in the image parent; cross joins any two parents"
        )
        #expect(
            try refusal(uniform, Self.config(.opt, width: 8), Self.config(.opt))
                == "uniform needs parents of one architecture: "
                + "\"model.decoder.embed_tokens.weight\" is [300, 8] in the text parent and "
                + "[300, 16] in the image parent; cross joins any two parents"
        )
    }

    /// Prevents Chameleon's encoder of images from being lost, or from being averaged.
    @Test("Auxiliary weights are kept") func auxiliaryWeightsAreKept() throws {
        let fusion = try Self.fusion(Self.config(.llama), Self.config(.chameleon))
        let image = fusion.parents.image.folder
        let extra = WeightEntry(
            name: "model.vqmodel.quantize.embedding.weight",
            elementType: .float32,
            shape: [3, 2]
        )
        let path = fusion.scratch.file("image/model.safetensors")
        let old = try SafetensorsFile(path)
        let entries = old.names.compactMap { old.entry($0) }
        let kept = try old.names.map { ($0, try image.floats(of: $0)) }
        try FileManager.default.removeItem(atPath: path)
        var writer = try SafetensorsWriter(path, entries: entries + [extra])
        for (name, floats) in kept + [(extra.name, [1, 2, 3, 4, 5, 6])] {
            try floats.withUnsafeBytes { try writer.write($0, to: name) }
        }
        try writer.finish()
        let changed = try Fusion(
            fusion.scratch,
            text: fusion.scratch.file("text"),
            image: fusion.scratch.file("image")
        )
        let output = try changed.run(
            FusionRecipe(.cross(every: 1, direction: .both, start: .preserving()))
        )
        let fused = try ModelFolder(output)
        let auxiliary = try fused.auxiliaryWeights()
        #expect(auxiliary.map(\.spec.name) == ["towers.image." + extra.name])
        #expect(try auxiliary.first?.tensor.floats() == [1, 2, 3, 4, 5, 6])
    }
}
