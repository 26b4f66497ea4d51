import Basics
import JamTesting
import Testing
import Training
import Vision

@Suite struct ImageTokenizerRecipeTests {
    private static let good = """
        {"geometry": "dictionary", "shards": ["a.tar"], "batch": 16, "output": "runs/a",
         "schedule": {"learning_rate": 1e-3, "steps": 10}}
        """

    @Test("Says little and means the usual") func saysLittleAndMeansTheUsual() throws {
        let recipe = try ImageTokenizerRecipe(JSON(parsing: Self.good), source: "recipe")
        #expect(recipe.config == .dictionary)
        #expect(recipe.header.training.optimizer == ImageTokenizerRecipe.defaultOptimizer)
        #expect(recipe.batchSize == 16)
        #expect(recipe.losses.discriminator == nil)
        #expect(recipe.limit == .max)
    }

    // Prevents: a training of hours by a recipe that says something else than what was meant.
    @Test(
        "Names the key",
        arguments: [
            ("step=3", "step: is not known"),
            ("batch=0", "batch: 0 is too small; the least is 1"),
            ("schedule.learning_rate=-1", "schedule.learning_rate: -1.0 is not above 0"),
            ("edge_weight=-1", "edge_weight: -1.0 is below 0"),
            ("discriminator={start: 5, weight: -1}", "discriminator.weight: -1.0 is below 0"),
            (
                "perceptual={weight: 1}",
                "perceptual: without a CLIP folder it needs a discriminator"
            ),
            ("perceptual={weight: -1, clip: x}", "perceptual.weight: -1.0 is below 0"),
            ("codebook=mean", "codebook: \"mean\" is not known; known are \"ema\", \"gradient\""),
            (
                "geometry=small",
                "geometry: \"small\" is not known; known are \"dictionary\", \"paper\""
            ),
        ]
    )
    func namesTheKey(override: String, problem: String) throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("recipe.yaml", Array(Self.good.utf8))
        let error = #expect(throws: JSONFieldError.self) {
            try ImageTokenizerRecipe(contentsOf: path, overrides: [override])
        }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }
}
