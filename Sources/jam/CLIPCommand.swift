import ArgumentParser
import Basics
import Training

struct CLIPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clip",
        abstract: "Trains models that tell which texts and pictures belong together.",
        subcommands: [Train.self]
    )

    struct Train: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Trains a CLIP model as a recipe says.",
            discussion: """
                The finished model is a Hugging Face folder, which transformers opens too. Ctrl-C \
                saves; the same command with --resume goes on.
                """
        )

        @Argument(help: "A recipe: a YAML file.")
        var recipe: String

        @Option(help: "Change the recipe, as schedule.steps=3000; may be repeated.")
        var set: [String] = []

        @Flag(help: "Go on from the newest saved step.")
        var resume = false

        @OptionGroup var engine: EngineOptions

        func run() throws {
            let recipe = try CLIPRecipe(contentsOf: recipe, overrides: set)
            if !resume { try RunFolder.refuseSteps(in: recipe.output) }
            try engine.start()
            let folder = try CLIPJob(recipe, jamVersion: Jam.version).run(resumes: resume)
            Console.report(
                "wrote \(folder); next: jam bank build SHARD --clip \(folder) --output BANK"
            )
        }
    }
}
