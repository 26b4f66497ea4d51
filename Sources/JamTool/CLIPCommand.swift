import ArgumentParser
import Basics
import Terminal
import Training

struct CLIPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clip",
        abstract: "Trains models that tell which texts and images belong together.",
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

        @OptionGroup var options: RecipeOptions
        @OptionGroup var engine: EngineOptions

        func run() throws {
            let recipe = try CLIPRecipe(contentsOf: options.recipe, overrides: options.set)
            if !options.resume { try RunFolder.refuseSteps(in: recipe.output) }
            try engine.start()
            StopSignals.listen()
            let job = try CLIPJob(
                recipe,
                jamVersion: JamCommand.version,
                onProgress: ProgressBar.handler()
            )
            let folder = try job.run(
                resumes: options.resume,
                isStopWanted: { StopSignals.isStopWanted }
            )
            Console.report(
                "wrote \(folder); next: jam bank build SHARD --clip \(folder) --output BANK"
            )
        }
    }
}
