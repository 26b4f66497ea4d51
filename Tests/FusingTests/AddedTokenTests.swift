import Basics
import Checkpoints
import Decoders
import Foundation
import Fusing
import JamTesting
import Testing
import Vocabulary

/// Special tokens that neither parent has.
@Suite struct AddedTokenTests {
    /// Two parents with the tokenizer of Chameleon, which lacks what CM3 needs.
    private static func fusion(chatTemplate: String? = nil, tied: Bool = false) throws -> Fusion {
        let scratch = try ScratchFolder()
        func write(_ name: String, seed: UInt64) throws -> String {
            try TinyParent.write(
                name,
                TinyParent.config(.llama, width: 16, vocabulary: 840, tied: tied),
                seed: seed,
                tokenizer: TinyParent.tokenizer("chameleon"),
                drawingAll: true,
                in: scratch
            )
        }
        let (text, image) = (try write("text", seed: 1), try write("image", seed: 2))
        if let chatTemplate {
            try AtomicFile.write(chatTemplate, to: text + "/chat_template.jinja")
        }
        return try Fusion(scratch, text: text, image: image)
    }

    private static let preserving = FusionRecipe(
        .cross(every: 1, direction: .both, start: .preserving())
    )

    /// Prevents a fused model that can neither learn by CM3 nor be guided, without a word.
    @Test("A shared tokenizer gets the tokens that it lacks")
    func aSharedTokenizerGetsTheTokensThatItLacks() throws {
        let fusion = try Self.fusion()
        let plan = try fusion.plan(Self.preserving)
        let added = fusion.parents.vocabulary.added
        #expect(added.contains("<infill>") && added.contains("<mask:15>"))
        #expect(
            plan.notes.contains {
                $0.hasPrefix("added: <infill>,") && $0.contains(", <mask:0> … <mask:15>")
                    && $0.hasSuffix(
                        ", which neither parent has; their rows start untrained: zero as inputs, in the "
                            + "head the mean of the rows of text"
                    )
            }
        )
        let json = try JSONReader(plan.json, source: "plan").nested("tokens")
        #expect(try json.array("added").count == added.count)

        let output = try fusion.run(Self.preserving)
        let fused = try Tokenizer(contentsOf: URL(filePath: output)).space
        for token in [.imageStart, .infill, .mask(0), .mask(15), .padding]
            as [TokenSpace.SpecialToken]
        {
            #expect(fused.specialTokens[token] != nil)
        }
        let manifest = try JSONReader(
            JSON(parsing: String(contentsOfFile: output + "/jam_manifest.json", encoding: .utf8)),
            source: "manifest"
        )
        #expect(try manifest.nested("options").array("added_tokens").count == added.count)
    }

    /// Prevents untrained tokens from taking probability from the text, and inputs that mean
    /// anything.
    @Test("Added rows are zero as inputs and the mean of text in the head")
    func addedRowsAreZeroAndTheMeanOfText() throws {
        let fusion = try Self.fusion()
        let output = try fusion.run(Self.preserving)
        let (folder, rows) = (try CheckpointFolder(output), fusion.parents.vocabulary.addedRows)
        let total = fusion.parents.vocabulary.rows
        #expect(rows.count == fusion.parents.vocabulary.added.count && total == 840 + rows.count)
        for tower in ["text", "image"] {
            let table = try folder.floats(of: "towers.\(tower).model.embed_tokens.weight")
            #expect(table[rows.lowerBound * 16..<rows.upperBound * 16].allSatisfy { $0 == 0 })
        }
        let head = try folder.floats(of: "lm_head.weight")
        let own = try fusion.parents.text.folder.floats(of: "lm_head.weight")
        let text = Array(fusion.parents.text.tokenizer.space.text.ranges.joined())
        for column in 0..<32 {
            let mean =
                text.reduce(0.0) { $0 + (column < 16 ? Double(own[$1 * 16 + column]) : 0) }
                / Double(text.count)
            for row in rows { #expect(abs(Double(head[row * 32 + column]) - mean) < 1e-6) }
        }

        let tokens = Array(text.prefix(12))
        let found = try TinyParent.logits(output, tokens)
        let expected = try TinyParent.logits(fusion.parents.text.folder.path, tokens)
        for place in tokens.indices {
            for id in text {
                #expect(abs(found[place * total + id] - expected[place * 840 + id]) < 1e-5)
            }
            let meanOfText =
                text.reduce(0.0) { $0 + exp(Double(found[place * total + $1])) }
                / Double(text.count)
            for id in rows {
                #expect(exp(Double(found[place * total + id])) <= meanOfText * 1.0001)
            }
        }
    }

    @Test("Every method adds them", arguments: [false, true])
    func everyMethodAddsThem(tied: Bool) throws {
        let fusion = try Self.fusion(tied: tied)
        let text = Array(fusion.parents.text.tokenizer.space.text.ranges.joined())
        let rows = fusion.parents.vocabulary.addedRows
        let methods: [FusionMethod] = [
            .uniform(textShare: 0.5), .width(offDiagonal: .copy, norm: .whole),
            .cross(every: 1, direction: .both, start: .paper),
        ]
        for method in methods {
            let output = try fusion.run(FusionRecipe(method), to: method.name)
            let total = fusion.parents.vocabulary.rows
            // Trainings find the rows in the config, which they keep.
            let config = try ModelFolder(output).config
            #expect(config.addedRows == rows)
            let kept = try JSONReader(.object(config.json), source: "config")
            #expect(try DecoderConfig(kept).addedRows == rows)
            let logits = try TinyParent.logits(output, Array(text.prefix(3)))
            #expect(logits.count == 3 * total)
            let mean = text.reduce(0) { $0 + logits[2 * total + $1] } / Float(text.count)
            #expect(rows.allSatisfy { abs(logits[2 * total + $0] - mean) < 1e-4 }, "\(method.name)")
        }
    }

    /// A conversation is the text parent's, where it has a template.
    @Test("Role tokens are added where no parent has a chat template")
    func roleTokensAreAddedWhereNoParentHasATemplate() throws {
        let without = try Self.fusion().parents.vocabulary
        #expect(without.added.contains("<|user|>"))
        let with = try Self.fusion(chatTemplate: "{{ messages[0].content }}").parents.vocabulary
        #expect(!with.added.contains("<|user|>") && with.added.contains("<infill>"))
        // One that cannot be read is one all the same.
        let odd = try Self.fusion(chatTemplate: "{% include 'x' %}").parents.vocabulary
        #expect(!odd.added.contains("<|user|>"))
    }

    /// Prevents NaN that is fused in silence and blamed on the learning rate later.
    @Test(
        "A weight that is not finite is named, and refused where asked",
        arguments: [Float.nan, .infinity],
        [FloatFormat.float32, .bfloat16, .float16]
    )
    func aWeightThatIsNotFiniteIsNamed(value: Float, format: FloatFormat) throws {
        let scratch = try ScratchFolder()
        let name = "model.layers.1.self_attn.k_proj.weight"
        let text = try TinyParent.write(
            "text",
            TinyParent.config(),
            seed: 1,
            as: format,
            in: scratch
        )
        let image = try TinyParent.write(
            "image",
            TinyParent.config(),
            seed: 2,
            as: format,
            in: scratch
        ) { own, floats in own == name ? floats.dropLast() + [value] : floats }
        for method in [.uniform(textShare: 0.5), Self.preserving.method] {
            let output = scratch.file("\(method.name)-named")
            var last: FusionPlan.Progress?
            let whole = try FusionPlan(FusionRecipe(method), text: text, image: image)
            try whole.run(to: output) { last = $0 }
            let what = "NaN or infinity, and so has what is made of it"
            #expect(last?.warnings == ["\(image): the weight \"\(name)\" has \(what)"])
            let fused = try CheckpointFolder(output)
            let damaged = try fused.names.filter { weight in
                try !fused.floats(of: weight).allSatisfy(\.isFinite)
            }
            let weights = whole.json.objectValue?["weights"]?.arrayValue ?? []
            let source: JSON = ["parent": "image", "name": .string(name)]
            let made = weights.compactMap(\.objectValue).filter {
                $0["from"]?.arrayValue?.contains(source) == true
            }
            #expect(Set(damaged) == Set(made.compactMap { $0["name"]?.stringValue }))
            #expect(!made.isEmpty)

            let recipe = FusionRecipe(method, refusingNonFinite: true)
            let plan = try FusionPlan(recipe, text: text, image: image)
            let error = #expect(throws: FusionError.self) { try plan.run(to: scratch.file("out")) }
            #expect(
                error?.description
                    == "\(image): the weight \"\(name)\" has values that are not finite (NaN or "
                    + "infinity); take an undamaged copy of the model"
            )
            #expect(error?.kind == .malformedInput)
            #expect(!FileManager.default.fileExists(atPath: scratch.file("out")))
        }
    }
}
