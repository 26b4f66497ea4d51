import Basics
import Testing
import Training

@Suite struct RecipeTests {
    static let whole = """
        model: {new: llama, width: 256, layers: 8, heads: 8, feed_forward: 688}
        tokenizer: models/text
        data:
          - paths: [data/captions.jsonl, data/more.tar]
            objective: cm3
            whole_text_share: 0.25
            weight: 3
          - name: replay
            paths: data/text.jsonl
            objective: causal
        schedule: {steps: 2000, peak: 3e-4, warm_up: 100}
        batch: {tokens_per_step: 8192, tokens_per_pass: 4096, context: 512}
        optimizer:
          decay: 0.1
          rates: {bridges: 1.0, towers: 0.3}
          freeze: [towers.text]
        seed: 7
        output: runs/image
        """

    @Test("Every key of a recipe arrives")
    func reading() throws {
        let recipe = try Recipe(parsing: Self.whole, source: "r.yaml")
        #expect(
            recipe.start
                == .llama(
                    Recipe.LlamaSizes(
                        width: 256,
                        layers: 8,
                        heads: 8,
                        keyValueHeads: 8,
                        feedForward: 688,
                        tied: false
                    )
                )
        )
        #expect(recipe.data.map(\.name) == ["captions", "replay"])
        #expect(recipe.data[0].objective == .cm3(CM3Options(wholeTextShare: 0.25)))
        #expect(recipe.data.map(\.weight) == [3, nil])
        #expect(recipe.training.schedule == Schedule(peak: 3e-4, warmUpSteps: 100, stepCount: 2000))
        #expect(recipe.training.sizes.tokensPerPass == 4096)
        #expect(
            recipe.training.optimizer.rateFactors
                == ["bridges": 1, "towers": 0.3, "towers.text": 0]
        )
        #expect(recipe.seed == 7 && recipe.keep == 2 && recipe.saveEvery == 1000)
    }

    @Test("Overrides change what they name, and the identity with it")
    func overrides() throws {
        let plain = try Recipe(parsing: Self.whole, source: "r.yaml")
        let changed = try Recipe(
            parsing: Self.whole,
            source: "r.yaml",
            overrides: ["schedule.peak=1e-3", "data.1.weight=2", "optimizer.freeze=[bridges]"]
        )
        #expect(changed.training.schedule.peak == 1e-3)
        #expect(changed.data[1].weight == 2)
        #expect(changed.training.optimizer.rateFactors["bridges"] == 0)
        #expect(changed.identity != plain.identity)
        let moved = try Recipe(
            parsing: Self.whole,
            source: "other.yaml",
            overrides: ["output=elsewhere", "save_every=10"]
        )
        #expect(moved.identity == plain.identity)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let override: String
        let message: String
        var testDescription: String { override }
    }

    static let mistakes = [
        Mistake(
            override: "schedule.peek=1",
            message: "r.yaml: schedule.peek: is not known; did you mean \"peak\"?"
        ),
        Mistake(
            override: "schedule.peak=\"1e-4\"",
            message: "r.yaml: schedule.peak: a number is expected, found the string \"1e-4\""
        ),
        Mistake(
            override: "schedule.steps=0",
            message: "r.yaml: schedule.steps: 0 is too small; the least is 1"
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
            override: "data.2.weight=1",
            message: "--set data.2.weight=1: \"2\" is no index of a list of 2"
        ),
        Mistake(override: "data=[]", message: "r.yaml: data: at least one source is expected"),
        Mistake(
            override: "model.heads=7",
            message: "r.yaml: model.heads: 7 does not divide the width 256 into heads of even width"
        ),
        Mistake(
            override: "model.new=gpt",
            message: "r.yaml: model.new: \"gpt\" is not known; known is \"llama\""
        ),
        Mistake(
            override: "batch.context=99999999999",
            message: "r.yaml: batch.context: 99999999999 is more than 1073741824"
        ),
        Mistake(
            override: "seed.x=1",
            message: "--set seed.x=1: there is nothing below the integer 7"
        ),
        Mistake(
            override: "seed",
            message: "--set seed: key=value is expected, as schedule.peak=3e-4"
        ),
        Mistake(
            override: "keep=1",
            message: "r.yaml: keep: 1 is too small; the least is 2"
        ),
    ]

    @Test("A mistake is named with its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) {
        #expect(Self.message(Self.whole, [mistake.override]) == mistake.message)
    }

    @Test("What is no recipe is refused at once")
    func hostile() {
        #expect(Self.message("a: &x 1\nb: *x") == "r.yaml: line 1: recipes have no anchors; write the value out, or quote it")
        #expect(Self.message("seed: !!int 1") == "r.yaml: line 1: recipes have no tags; write the value out, or quote it")
        #expect(Self.message("seed: 1\nseed: 2") == "r.yaml: not valid YAML: the key \"seed\" stands twice")
        #expect(Self.message("- 1") == "r.yaml: a recipe is a mapping of keys to values, as \"seed: 1\"")
        #expect(Self.message("") == "r.yaml: a recipe is a mapping of keys to values, as \"seed: 1\"")
        #expect(Self.message("a: \tb\n\tc: 1").hasPrefix("r.yaml: not valid YAML: line 2"))
        let deep = "a: " + String(repeating: "[", count: 1000)
        #expect(Self.message(deep) == "r.yaml: a recipe has at most 32 brackets in another")
        let long = "a: " + String(repeating: "- ", count: 100_000)
        #expect(Self.message(long) == "r.yaml: a recipe has at most 2000 bytes a line")
        let many = "a:\n" + String(repeating: "- 1\n", count: 20_000)
        #expect(Self.message(many) == "r.yaml: a recipe has at most 10000 values")
        let large = String(repeating: "# comment\n", count: 40_000)
        #expect(Self.message(large) == "r.yaml: a recipe has at most 256 KiB")
    }

    @Test("Plain words mean what they say")
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

    private static func message(_ text: String, _ overrides: [String] = []) -> String {
        do {
            _ = try Recipe(parsing: text, source: "r.yaml", overrides: overrides)
            return "no error"
        } catch let error as any UserError {
            return error.description
        } catch {
            return "another error: \(error)"
        }
    }
}
