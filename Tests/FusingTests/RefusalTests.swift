import Basics
import Checkpoints
import Decoders
import Foundation
import Fusing
import JamTesting
import Testing

/// What users read when a fusion is impossible, word for word, and what is left on the disk.
@Suite struct RefusalTests {
    private func refusal(_ body: () throws -> Void) -> (text: String, code: ErrorKind)? {
        do {
            try body()
            return nil
        } catch let error as any UserError {
            return (error.description, error.kind)
        } catch {
            Issue.record("not an error for users: \(error)")
            return nil
        }
    }

    /// Two parents of unlike sizes, fused by `method`.
    private func refusal(
        _ method: FusionMethod,
        text: TowerConfig = TinyParent.config(),
        image: TowerConfig = TinyParent.config(),
        imageCodes: Int = 16
    ) throws -> String? {
        let scratch = try ScratchFolder()
        let left = try TinyParent.write(
            "text",
            text,
            seed: 1,
            imageCodes: imageCodes,
            in: scratch
        )
        let right = try TinyParent.write(
            "image",
            image,
            seed: 2,
            imageCodes: imageCodes,
            in: scratch
        )
        let found = refusal {
            _ = try FusionPlan(FusionRecipe(method), text: left, image: right)
        }
        return found?.text.replacing(scratch.path, with: "…")
    }

    private let uniform = FusionMethod.uniform(textShare: 0.5)
    private let width = FusionMethod.width(offDiagonal: .copy, norm: .whole)

    @Test("Unlike parents") func unlikeParents() throws {
        let wide = TinyParent.config(width: 16)
        #expect(
            try refusal(uniform, image: wide)
                == "uniform needs parents of one architecture: \"model.embed_tokens.weight\" is "
                + "[300, 8] in the text parent and [300, 16] in the image parent; cross joins any "
                + "two parents"
        )
        #expect(
            try refusal(width, text: wide)
                == "width needs parents of one architecture: \"model.embed_tokens.weight\" is "
                + "[300, 16] in the text parent and [300, 8] in the image parent; cross joins any "
                + "two parents"
        )
        #expect(
            try refusal(width, image: TinyParent.config(layers: 3))
                == "width needs parents of one architecture: "
                + "\"model.layers.2.input_layernorm.weight\" is missing in the text parent and [8] "
                + "in the image parent; cross joins any two parents"
        )
        #expect(
            try refusal(uniform, image: TinyParent.config(heads: 2))
                == "uniform needs parents of one architecture: head_dim is 2 in the text parent and "
                + "4 in the image parent; cross joins any two parents"
        )
        #expect(
            try refusal(uniform, image: TinyParent.config(vocabulary: 320))
                == "the text parent's tables have 300 rows, the image parent's 320; equal numbers "
                + "are expected; the vocabulary rule \"union\" joins unequal tables"
        )
    }

    @Test("Cross that cannot be") func crossThatCannotBe() throws {
        #expect(
            try refusal(
                .cross(every: 1, direction: .both, start: .paper),
                image: TinyParent.config(width: 16)
            )
                == "the start \"paper\" shares one table and needs equal hidden sizes: the text "
                + "parent's is 8, the image parent's 16; use the start \"preserving\""
        )
        #expect(
            try refusal(.cross(every: 3, direction: .both, start: .paper))
                == "with a bridge after every 3 layers there is none: the deeper tower has 2 layers"
        )
        #expect(
            try refusal(.cross(every: 0, direction: .both, start: .paper))
                == "a bridge after every 0 layers: a number of at least 1 is expected"
        )
        #expect(
            try refusal(.cross(every: 1, direction: .both, start: .paper), imageCodes: 0)
                == "…/text: tokenizer.json has no image codes (<image:0>, <image:1>, …); a "
                + "Cross model needs them, because their logits come from the image tower"
        )
        #expect(
            try refusal(.cross(every: 1, direction: .both, start: .preserving(untrained: "<eos>a")))
                == "the untrained token \"<eos>a\": one token of tokenizer.json is expected, found 2"
        )
    }

    @Test("Shares that are none", arguments: [-0.1, 1.5, .nan])
    func sharesThatAreNone(_ share: Double) throws {
        #expect(
            try refusal(.uniform(textShare: share))
                == "the text parent's share is \(share); a number from 0 to 1 is expected"
        )
    }

    @Test("Tokenizers that differ") func tokenizersThatDiffer() throws {
        let scratch = try ScratchFolder()
        let config = TinyParent.config()
        let text = try TinyParent.write("text", config, seed: 1, in: scratch)
        let image = try TinyParent.write("image", config, seed: 2, imageCodes: 12, in: scratch)
        let found = refusal { _ = try FusionPlan(FusionRecipe(uniform), text: text, image: image) }
        #expect(
            found?.text
                == "the parents' tokenizer.json differ: added_tokens: 39 elements, not 35 (\(text) and "
                + "\(image)); one tokenizer is expected; the vocabulary rule \"union\" joins two"
        )
        #expect(found?.code == .malformedInput)
        try FileManager.default.removeItem(atPath: image + "/tokenizer.json")
        #expect(
            refusal { _ = try FusionPlan(FusionRecipe(uniform), text: text, image: image) }?.text
                == "\(image): tokenizer.json is missing, which says what the rows of the tables mean"
        )
    }

    @Test("Parents that are none") func parentsThatAreNone() throws {
        let scratch = try ScratchFolder()
        let good = try TinyParent.write("good", TinyParent.config(), seed: 1, in: scratch)
        let bad = try TinyParent.write("bad", TinyParent.config(), seed: 2, in: scratch)
        let missing = scratch.file("nowhere")
        let nobody = refusal {
            _ = try FusionPlan(FusionRecipe(uniform), text: good, image: missing)
        }
        #expect(nobody?.text == "\(missing): there is no such folder")
        #expect(nobody?.code == .notFound)

        let weights = URL(filePath: bad + "/model.safetensors")
        let whole = try Data(contentsOf: weights)
        for count in [0, 7, 100, whole.count / 2, whole.count - 1] {
            try whole.prefix(count).write(to: weights)
            let found = refusal {
                _ = try FusionPlan(FusionRecipe(uniform), text: good, image: bad)
            }
            #expect(found?.code == .malformedInput, "\(count) bytes")
            #expect(found?.text.hasPrefix(weights.path) == true, "\(count) bytes")
        }
        try whole.write(to: weights)

        var config = TinyParent.config()
        config.layerCount = 3
        try AtomicFile.write(JSON.object(config.json).text(), to: bad + "/config.json")
        #expect(
            refusal { _ = try FusionPlan(FusionRecipe(uniform), text: good, image: bad) }?.text
                .hasPrefix("\(bad): the weight \"model.layers.2.") == true
        )
        config.layerCount = 1
        try AtomicFile.write(JSON.object(config.json).text(), to: bad + "/config.json")
        #expect(
            refusal { _ = try FusionPlan(FusionRecipe(uniform), text: good, image: bad) }?.text
                .hasPrefix("\(bad): config.json does not call for 9 of the weights, such as ")
                == true
        )
        try AtomicFile.write("{\"model_type\": \"gpt2\"}", to: bad + "/config.json")
        #expect(
            refusal { _ = try FusionPlan(FusionRecipe(uniform), text: good, image: bad) }?.text
                == "\(bad): a model of type \"gpt2\" cannot be fused; supported are \"llama\", \"mistral\", "
                + "\"qwen2\", \"qwen3\", \"chameleon\", \"opt\", \"gemma3_text\", \"gemma3\", "
                + "\"smollm3\", \"olmo2\", \"phi3\", \"granite\", \"emu3\", \"Emu3\", \"emu3_text_model\""
        )
    }

    /// Prevents weights that became infinite without a word.
    @Test("Numbers too large for the output") func numbersTooLargeForTheOutput() throws {
        let scratch = try ScratchFolder()
        let path = try TinyParent.write("text", TinyParent.config(), seed: 1, in: scratch)
        let weights = path + "/model.safetensors"
        let file = try SafetensorsFile(weights)
        let range = try #require(file.range(of: "model.norm.weight"))
        var bytes = try scratch.read("text/model.safetensors")
        bytes.replaceSubrange(
            range.prefix(4),
            with: withUnsafeBytes(of: Float(70_000)) { Array($0) }
        )
        try scratch.write("text/model.safetensors", bytes)
        let fusion = try Fusion(scratch, text: path, image: path)
        #expect(
            refusal {
                try fusion.run(FusionRecipe(.uniform(textShare: 0.5), format: .float16))
            }?.text
                == "the weight \"model.norm.weight\" would have the value 70000.0, which is too large for F16; "
                + "use BF16 or F32"
        )
        #expect(try scratch.list() == ["text"])
    }

    private struct Stop: Error {}

    /// Prevents half a model from being taken for one, and lost disk space.
    @Test("Interrupted work leaves nothing", arguments: [1, 2, 3])
    func interruptedWorkLeavesNothing(_ after: Int) throws {
        let fusion = try Fusion.ofFixtures()
        let plan = try fusion.plan(
            FusionRecipe(.uniform(textShare: 0.5), maxShardSize: 3000)
        )
        var count = 0
        #expect(throws: Stop.self) {
            try plan.run(to: fusion.scratch.file("fused")) { progress in
                count += 1
                #expect(progress.byteCount <= progress.total)
                if count == after { throw Stop() }
            }
        }
        #expect(try fusion.scratch.list() == ["image", "text"])
    }

    /// Prevents a user's folder from being overwritten.
    @Test("Output that is there") func outputThatIsThere() throws {
        let fusion = try Fusion.ofFixtures()
        try fusion.run(FusionRecipe(uniform))
        let before = try fusion.scratch.read("fused/model.safetensors")
        let output = fusion.scratch.file("fused")
        #expect(
            refusal { try fusion.run(FusionRecipe(.uniform(textShare: 1))) }?.text
                == "\(output): is there already and not empty; name another output, or remove it"
        )
        #expect(try fusion.scratch.read("fused/model.safetensors") == before)
        let plan = try fusion.plan(.uniform(textShare: 1))
        try plan.run(to: output, replacing: true)
        #expect(try fusion.scratch.read("fused/model.safetensors") != before)
        #expect(try fusion.scratch.list() == ["fused", "image", "text"])
    }
}
