import Basics
import Decoders
import Documents
import Foundation
import JamTesting
import Models
import Tensors
import Testing
import Training
import Vocabulary

@Suite struct ResumableRunTests {
    // The whole way of `jam train`: files in, a model folder out.
    @Test("A recipe is planned, trained, and gives a model folder")
    func job() throws {
        let scratch = try ScratchFolder()
        let recipe = try Self.recipe(in: scratch)
        let template = Array("{{ messages }}".utf8)
        try scratch.write("chat_template.jinja", template)
        let run = try recipe.open()
        let page = "\(run.plan)"
        #expect(page.hasPrefix("8 steps of 200 tokens"))
        #expect(page.contains(" parameters: adamw, learning rate × 1.0, weight decay 0.1\n"))
        #expect(page.contains("talks: 33 % of the examples, from 10 documents, instruct"))
        #expect(page.contains("the first example, token by token, with its loss weight:\n  ·\t"))

        let folder = try run.train(resuming: false)
        let trained = try ModelFolder(folder)
        let tokenizer = try Tokenizer(contentsOf: URL(filePath: folder))
        #expect(trained.config.vocabularySize == tokenizer.space.count)
        // Whoever asked the model in its own way before can go on to do so.
        #expect(try scratch.read("run/model/chat_template.jinja") == template)
        for name in ["tokenizer.json", "tokenizer_config.json"] {
            #expect(try scratch.read("run/model/\(name)") == scratch.read(name))
        }
        let log = String(decoding: try scratch.read("run/log.jsonl"), as: UTF8.self)
        #expect(log.split(separator: "\n").count == 8 + 2)
        #expect(log.contains("\"eval_loss\""))
    }

    // Prevents: a model without its tokenizer where a recipe names the file and not its folder.
    @Test("A tokenizer that is named as a file is taken over, whatever its name")
    func tokenizerFile() throws {
        let scratch = try ScratchFolder()
        _ = try Self.recipe(in: scratch)
        try scratch.write("other.json", scratch.read("tokenizer.json"))
        let recipe = try Self.recipe(
            in: scratch,
            overrides: ["tokenizer=\(scratch.file("other.json"))"]
        )
        try FileManager.default.removeItem(atPath: scratch.file("tokenizer.json"))
        _ = try recipe.open().train(resuming: false)
        #expect(try scratch.read("run/model/tokenizer.json") == scratch.read("other.json"))
    }

    // Prevents: `--resume` that starts over, or goes on from a run with other settings.
    @Test("A run that is there must be resumed, and by its own recipe")
    func resume() throws {
        let scratch = try ScratchFolder()
        let recipe = try Self.recipe(in: scratch)
        let first = try recipe.open().train(resuming: false)
        let weights = try scratch.read("run/model/model.safetensors")
        #expect(throws: TrainingError.exists(folder: recipe.header.output)) {
            try recipe.open().train(resuming: false)
        }
        let other = try Self.recipe(in: scratch, overrides: ["schedule.learning_rate=2e-3"])
        let changes = ["schedule.learning_rate was 0.001 and is 0.002"]
        let expected = TrainingError.otherRecipe(folder: recipe.header.output, changes: changes)
        #expect(throws: expected) { try other.open().train(resuming: true) }
        // Other documents under the same names, of the same number.
        let talks = try scratch.read("talks.jsonl")
        let changed = String(decoding: talks, as: UTF8.self).replacing("red", with: "old")
        try scratch.write("talks.jsonl", Array(changed.utf8))
        let error = #expect(throws: DataError.self) { try recipe.open().train(resuming: true) }
        #expect(error == .changed(source: "talks"))
        try scratch.write("talks.jsonl", talks)
        // The newest step is lost: the run goes on from the one before, to the same weights.
        try FileManager.default.removeItem(atPath: recipe.header.output + "/step-00000008")
        let again = try recipe.open().train(resuming: true)
        #expect(first == again)
        #expect(try scratch.read("run/model/model.safetensors") == weights)
    }

    // Prevents: a run of hours that one bad line ends, and a count that changes what is learned.
    @Test("Bad documents are passed over, and the run is that of the whole ones, resumed or not")
    func badDocuments() throws {
        let clean = try ScratchFolder()
        let expected = try Self.recipe(in: clean)
        _ = try expected.open().train(resuming: false)

        let scratch = try ScratchFolder()
        let recipe = try Self.recipe(in: scratch, overrides: ["max_bad_documents=3"])
        for (name, faults) in [
            ("texts.jsonl", [0: "{", 7: #"{"text":7}"#, 21: #"{"tetx":"a"}"#]),
            ("talks.jsonl", [3: #"{"messages":[{"role":"robot","content":"a"}]}"#]),
        ] {
            var lines = String(decoding: try scratch.read(name), as: UTF8.self)
                .split(separator: "\n").map(String.init)
            for (place, fault) in faults.sorted(by: { $0.key < $1.key }) {
                lines.insert(fault, at: place)
            }
            try scratch.write(name, Array((lines.joined(separator: "\n") + "\n").utf8))
        }
        var warnings: [String] = []
        let run = try recipe.open { event in
            if case .warning(let text) = event { warnings.append(text) }
        }
        #expect(warnings.count { $0.contains("passed over: ") } == 4)
        #expect(warnings.contains("texts: 3 of 23 documents were bad and are passed over"))
        _ = try run.train(resuming: false)
        try FileManager.default.removeItem(atPath: recipe.header.output + "/step-00000008")
        _ = try recipe.open().train(resuming: true)
        #expect(
            try scratch.read("run/model/model.safetensors")
                == clean.read("run/model/model.safetensors")
        )
        let manifest = String(
            decoding: try scratch.read("run/model/jam_manifest.json"),
            as: UTF8.self
        )
        #expect(
            manifest.contains("\"bad_documents\": 4") || manifest.contains("\"bad_documents\":4")
        )
        for (folder, count) in [(scratch, 4), (clean, nil)] as [(ScratchFolder, Int?)] {
            let lines = try folder.read("run/log.jsonl").split(separator: UInt8(ascii: "\n"))
            #expect(lines.count == 10)
            for line in lines {
                let json = try JSON(parsing: line)
                #expect(json.objectValue?["bad_documents"] == count.map(JSON.integer))
            }
        }
    }

    // Prevents: a question longer than the context that ends a run, as having no answer.
    @Test("A conversation whose answer is behind the context is passed over with a word")
    func longQuestions() throws {
        let scratch = try ScratchFolder()
        let recipe = try Self.recipe(in: scratch)
        let long = Array(repeating: "a cat", count: 40).joined(separator: " ")
        func talk(_ question: String) -> Document {
            Document([.text(question, role: .user), .text("it is a cat", role: .assistant)])
        }
        try Self.write(
            [talk(long), talk("a"), talk("b"), talk(long), talk("c")],
            to: scratch.file("talks.jsonl")
        )
        var warnings: [String] = []
        let run = try recipe.open { event in
            if case .warning(let text) = event { warnings.append(text) }
        }
        #expect(
            warnings == [
                "talks: 2 documents are truncated to 65 tokens",
                "talks: 2 of them are passed over, since no answer begins in the first 65 tokens",
            ]
        )
        #expect("\(run.plan)".contains("talks: 33 % of the examples, from 1 documents, instruct"))
        try Self.write([talk(long), talk(long), talk(long)], to: scratch.file("talks.jsonl"))
        #expect(throws: DataError.tooFew(source: "talks", found: 0, heldOut: 2)) {
            _ = try recipe.open()
        }
    }

    @Test("An image without an image tokenizer is named with its shard")
    func images() throws {
        let scratch = try ScratchFolder()
        let recipe = try Self.recipe(in: scratch)
        let image = Image(width: 1, height: 1, pixels: [1, 2, 3])
        try Self.write([Document([.image(image)])], to: scratch.file("talks.jsonl"))
        #expect(throws: ModelError.self) {
            _ = try recipe.open()
        }
    }

    /// Writes texts, conversations, a tokenizer and a recipe that names them.
    static func recipe(
        in scratch: ScratchFolder,
        model: String =
            "{new: {width: 32, layers: 1, heads: 2, feed_forward: 48, context: 64}}",
        output: String = "run",
        overrides: [String] = []
    ) throws -> LanguageModelRecipe {
        let words = ["a cat", "a dog", "a red ball", "the sun"]
        try write(
            (0..<20).map { Document([.text(words[$0 % 4] + " and " + words[$0 % 3])]) },
            to: scratch.file("texts.jsonl")
        )
        try write(
            (0..<12).map { index in
                Document([
                    .text("what is \(words[index % 4])?", role: .user),
                    .text("it is \(words[index % 4])", role: .assistant),
                ])
            },
            to: scratch.file("talks.jsonl")
        )
        try BPETrainer().train(words, vocabularySize: 270, imageCodeCount: 0)
            .write(to: URL(filePath: scratch.path))
        let text = """
            model: \(model)
            tokenizer: \(scratch.path)
            data:
              - {name: texts, shards: [\(scratch.path)/texts.jsonl], objective: cm3, weight: 2}
              - {name: talks, shards: [\(scratch.path)/talks.jsonl], objective: instruct, weight: 1}
            held_out: 2
            schedule: {steps: 8, learning_rate: 1e-3, warmup_steps: 2}
            batch: {tokens_per_step: 200}
            output: \(scratch.path)/\(output)
            save_every: 4
            evaluate_every: 4
            """
        let path = try scratch.write("r.yaml", Array(text.utf8))
        return try LanguageModelRecipe(contentsOf: path, overrides: overrides)
    }

    private static func write(_ documents: [Document], to path: String) throws {
        let writer = try JSONLinesWriter(to: URL(filePath: path))
        for document in documents { try writer.write(document) }
        try writer.finish()
    }
}
