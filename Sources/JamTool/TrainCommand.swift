import ArgumentParser
import Basics
import Terminal
import Training

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Trains a model as a recipe says.",
        discussion: """
            Ctrl-C saves and ends with exit code 75; the same command with --resume goes on, bit for \
            bit. --dry-run shows the plan and the first example with its loss weights.
            """
    )

    @OptionGroup var options: RecipeOptions

    @Flag(help: "Show the plan and train nothing.")
    var dryRun = false

    @OptionGroup var engine: EngineOptions

    func run() throws {
        let recipe = try Recipe(contentsOf: options.recipe, overrides: options.set)
        if !dryRun, !options.resume { try RunFolder.refuseSteps(in: recipe.output) }
        try engine.start()
        let job = try TrainingJob(
            recipe,
            jamVersion: JamCommand.version,
            onProgress: ProgressBar.handler()
        )
        for warning in job.warnings { Console.report("warning: \(warning)") }
        if dryRun {
            Console.print("\(job.plan)")
        } else {
            StopSignals.listen()
            let folder = try job.run(
                resumes: options.resume,
                isStopWanted: { StopSignals.isStopWanted }
            )
            Console.report("wrote \(folder); next: jam inspect \(folder)")
        }
    }
}
