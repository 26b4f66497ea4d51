import ArgumentParser
import Basics
import Jam
import ToolSupport

struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Trains a model by a recipe.",
        discussion: """
            Ctrl-C saves and ends with exit code 75; the same command with --resume continues, bit for \
            bit. --dry-run shows the plan and the first example with its loss weights.
            """
    )

    @OptionGroup var options: RecipeOptions

    @Flag(help: "Show the plan and train nothing.")
    var dryRun = false

    @OptionGroup var engine: EngineOptions

    func run() async throws {
        if dryRun {
            try await options.printPlan(.languageModel, engine)
        } else {
            try await options.train(.languageModel, engine) { "jam inspect \($0)" }
        }
    }
}
