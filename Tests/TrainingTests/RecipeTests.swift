import Basics
import Decoders
import JamTesting
import Testing
import Training

@Suite struct RecipeTests {
    static let whole = """
        model:
          new: {width: 256, layers: 8, heads: 8, feed_forward: 688, context: 512}
        tokenizer: models/text
        data:
          - shards: [data/captions.jsonl, data/more.tar]
            name: captions
            objective: cm3
            whole_text_share: 0.25
            weight: 3
          - name: replay
            shards: [data/text.jsonl]
            objective: causal
            weight: 1
        schedule: {steps: 2000, learning_rate: 3e-4, warmup_steps: 100}
        batch: {tokens_per_step: 8192, micro_batch_tokens: 4096}
        mixed_precision: bfloat16
        optimizer:
          weight_decay: 0.1
          lr_multipliers: {bridges: 1.0, towers: 0.3, towers.text: 0, "towers.text[added]": 1}
        seed: 7
        output: runs/image
        """

    @Test("Every key of a recipe is read")
    func reading() throws {
        let recipe = try Self.recipe()
        #expect(
            recipe.model
                == .new(
                    TowerConfig(
                        vocabularySize: 1,
                        hiddenSize: 256,
                        layerCount: 8,
                        headCount: 8,
                        keyValueHeadCount: 8,
                        feedForwardSize: 688,
                        contextLength: 512,
                        tiesEmbeddings: true
                    )
                )
        )
        #expect(recipe.sources.map(\.name) == ["captions", "replay"])
        #expect(recipe.sources[0].shards == ["data/captions.jsonl", "data/more.tar"])
        #expect(recipe.sources[0].objective == .cm3(CM3Options(wholeTextShare: 0.25)))
        #expect(recipe.sources.map(\.weight) == [3, 1])
        #expect(
            recipe.header.training.schedule
                == Schedule(learningRate: 3e-4, warmupSteps: 100, stepCount: 2000)
        )
        #expect(recipe.mixedPrecision == .bfloat16)
        #expect(recipe.tokensPerStep == 8192 && recipe.microBatchTokens == 4096)
        #expect(
            recipe.header.training.optimizer.learningRateMultipliers == [
                "bridges": 1, "towers": 0.3, "towers.text": 0, "towers.text[added]": 1,
            ]
        )
        #expect(recipe.header.training.seed == 7 && recipe.header.saveInterval == 500)
    }

    @Test("Overrides change what they name and nothing else")
    func overrides() throws {
        let plain = try Self.recipe()
        let changed = try Self.recipe([
            "schedule.learning_rate=1e-3", "data.1.weight=2", "optimizer.lr_multipliers.mixer=0",
        ])
        #expect(changed.header.training.schedule.learningRate == 1e-3)
        #expect(changed.sources.map(\.weight) == [3, 2])
        #expect(changed.header.training.optimizer.learningRateMultipliers["mixer"] == 0)
        #expect(
            changed.tokenizer == plain.tokenizer
                && changed.header.training.seed == plain.header.training.seed
        )
        #expect(changed.header.json != plain.header.json)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let override: String
        let message: String
        var testDescription: String { override }
    }

    static let mistakes = [
        Mistake(
            override: "schedule.learning_rat=1",
            message: "r.yaml: schedule.learning_rat: is not known; did you mean \"learning_rate\"?"
        ),
        Mistake(
            override: "schedule.learning_rate=\"1e-4\"",
            message:
                "r.yaml: schedule.learning_rate: a number is expected, found the string \"1e-4\""
        ),
        Mistake(
            override: "schedule.learning_rate=0",
            message: "r.yaml: schedule.learning_rate: 0.0 is not above 0"
        ),
        Mistake(
            override: "schedule.steps=0",
            message: "r.yaml: schedule.steps: 0 is too small; the least is 1"
        ),
        Mistake(
            override: "schedule.shape=cosin",
            message:
                "r.yaml: schedule.shape: \"cosin\" is not known; known are \"cosine\", \"constant\""
        ),
        Mistake(
            override: "data.0.objective=cm4",
            message: "r.yaml: data[0].objective: \"cm4\" is not known; known are \"causal\", "
                + "\"cm3\", \"instruct\""
        ),
        Mistake(
            override: "data.0.whole_text_share=2",
            message: "r.yaml: data[0].whole_text_share: 2.0 is not from 0 to 1"
        ),
        Mistake(
            override: "data.1.whole_text_share=0.5",
            message: "r.yaml: data[1].whole_text_share: is not known"
        ),
        Mistake(
            override: "data.1.weight=-1",
            message: "r.yaml: data[1].weight: -1.0 is not above 0"
        ),
        Mistake(
            override: "data.2.weight=1",
            message: "data.2.weight=1: \"2\" is not an index from 0 to 1"
        ),
        Mistake(
            override: "model.new.heads=7",
            message: "r.yaml: model.new.width: 256 is not an even multiple of 7 heads"
        ),
        Mistake(
            override: "model.new.heads=9223372036854775807",
            message: "r.yaml: model.new.heads: 9223372036854775807 is too large; "
                + "the most is 65536"
        ),
        Mistake(
            override: "batch.tokens_per_step=99999999999",
            message: "r.yaml: batch.tokens_per_step: 99999999999 is too large; "
                + "the most is 1073741824"
        ),
        Mistake(
            override: "seed.x=1",
            message: "seed.x=1: \"x\" is a key of something that is not a mapping"
        ),
        Mistake(
            override: "seed",
            message: "seed: key=value is expected, as in schedule.learning_rate=3e-4"
        ),
    ]

    @Test("A mistake is reported with its key", arguments: mistakes)
    func mistake(_ mistake: Mistake) {
        #expect(Self.message(Self.whole, [mistake.override]) == mistake.message)
    }

    /// Prevents a complaint about a key that the recipe of something else need not have.
    @Test("A recipe of another kind is named")
    func otherKinds() throws {
        let scratch = try ScratchFolder()
        let files: [(text: String, kind: RecipeKind, problem: String)] = [
            (
                Self.whole, .imageTokenizer,
                "an image tokenizer is expected, found the recipe of a language model"
            ),
            (
                "geometry: paper", .languageModel,
                "a language model is expected, found the recipe of an image tokenizer"
            ),
            ("geometry: paper", .clip, "CLIP is expected, found the recipe of an image tokenizer"),
        ]
        for (text, kind, problem) in files {
            let path = try scratch.write("r.yaml", Array(text.utf8))
            let error = #expect(throws: JSONFieldError.self) {
                try readRecipe(contentsOf: path, kind: kind)
            }
            #expect(error?.problem == problem)
        }
    }

    @Test("Malformed and hostile files are refused")
    func hostile() {
        #expect(
            Self.message("a: &x 1\nb: *x")
                == "r.yaml: line 1: recipes allow no anchors; write the value out, or quote it"
        )
        #expect(
            Self.message("seed: !!int 1")
                == "r.yaml: line 1: recipes allow no tags; write the value out, or quote it"
        )
        #expect(
            Self.message("seed: 1\nseed: 2")
                == "r.yaml: not valid YAML: duplicate key \"seed\""
        )
        #expect(
            Self.message("- 1")
                == "r.yaml: a mapping of keys to values is expected, as in \"seed: 1\""
        )
        #expect(
            Self.message("")
                == "r.yaml: a mapping of keys to values is expected, as in \"seed: 1\""
        )
        #expect(Self.message("a: \tb\n\tc: 1").hasPrefix("r.yaml: not valid YAML: line 2"))
        let deep = "a: " + String(repeating: "[", count: 1000)
        #expect(Self.message(deep) == "r.yaml: has more than 32 brackets in another (line 1)")
        let long = "a: " + String(repeating: "- ", count: 100_000)
        #expect(Self.message(long) == "r.yaml: has more than 2000 bytes a line")
        let many = "a:\n" + String(repeating: "- 1\n", count: 20_000)
        #expect(Self.message(many) == "r.yaml: has more than 10000 values")
        let words = String(repeating: "      [\n", count: 40)
        let block = "a:\n  - b: |  # words\n      {{ [\n" + words
        #expect(!Self.message(block + "c: 1").contains("brackets"))
        let behind = block + "  - c: " + String(repeating: "[", count: 33)
        #expect(Self.message(behind).hasSuffix("brackets in another (line 44)"))
        let large = String(repeating: "# comment\n", count: 40_000)
        #expect(Self.message(large) == "r.yaml: has more than 256 KiB")
    }

    @Test("Plain scalars follow the core schema")
    func words() throws {
        let json = try YAML.json(
            parsing: "a: [1, 1e-4, -2.5, no, 1.2.3, nan, true, ~, \"1\", 'x & y', don't]",
            source: "w"
        )
        #expect(
            json == [
                "a": [
                    1, 1e-4, -2.5, "no", "1.2.3", "nan", true, .null, "1", "x & y", "don't",
                ]
            ]
        )
    }

    private static func recipe(_ overrides: [String] = [], _ text: String = whole) throws
        -> LanguageModelRecipe
    {
        let scratch = try ScratchFolder()
        let path = try scratch.write("r.yaml", Array(text.utf8))
        return try withExtendedLifetime(scratch) {
            try LanguageModelRecipe(contentsOf: path, overrides: overrides)
        }
    }

    /// The message of what is wrong with a recipe, without the folder that it lies in.
    private static func message(_ text: String, _ overrides: [String] = []) -> String {
        do {
            _ = try recipe(overrides, text)
            return "no error"
        } catch let error as any UserError {
            let words = error.description.split(separator: " ", omittingEmptySubsequences: false)
            guard let first = words.first, first.hasSuffix("/r.yaml:") else {
                return error.description
            }
            return (["r.yaml:"] + words.dropFirst()).joined(separator: " ")
        } catch {
            return "another error: \(error)"
        }
    }

    // Prevents: a run that is refused without a word of why, or that goes on with other settings.
    @Test(
        "What differs from the recipe of a run",
        arguments: [
            (#"{"steps": 1, "seed": 2}"#, #"{"seed": 2, "steps": 1, "output": "b"}"#, []),
            (#"{"seed": 6}"#, #"{"seed": 7}"#, ["seed was 6 and is 7"]),
            (#"{"seed": 6}"#, "{}", ["seed was 6 and is gone"]),
            (
                "{}", #"{"optimizer": {"clip_norm": 1}}"#,
                [#"optimizer was not there and is {"clip_norm":1}"#]
            ),
            (
                #"{"data": [{"weight": 1}, {"weight": 2}]}"#, #"{"data": [{"weight": 3}]}"#,
                ["data.0.weight was 1 and is 3", #"data.1 was {"weight":2} and is gone"#]
            ),
            (
                #"{"optimizer": {"lr_multipliers": {"lm_head.gate": 1}}}"#,
                #"{"optimizer": {"lr_multipliers": {"lm_head.gate": 0.1}}}"#,
                [#"optimizer.lr_multipliers."lm_head.gate" was 1 and is 0.1"#]
            ),
        ]
    )
    func changes(old: String, new: String, changes: [String]) throws {
        func object(_ text: String) throws -> JSON.Object {
            try #require(try JSON(parsing: Array(text.utf8)).objectValue)
        }
        let header = RecipeHeader(
            training: TrainingOptions(
                schedule: Schedule(learningRate: 1e-3, warmupSteps: 0, stepCount: 1)
            ),
            output: "a",
            json: try object(new)
        )
        #expect(header.changes(since: try object(old)) == changes)
    }

    @Test("An error names five changes of a recipe")
    func manyChanges() {
        let changes = (0..<7).map { "seed\($0) was 1 and is 2" }
        let error = TrainingError.otherRecipe(folder: "run", changes: changes)
        #expect(
            error.description == "run: the run there has another recipe: "
                + changes[..<5].joined(separator: ", ")
                + ", and 2 more; resume it with the recipe that it was started with, or name another "
                + "output"
        )
    }
}
