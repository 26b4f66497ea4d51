import ArgumentParser
import Basics
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

    @Argument(help: "A recipe: a YAML file.")
    var recipe: String

    @Option(help: "Change the recipe, as schedule.peak=3e-4; may be repeated.")
    var set: [String] = []

    @Flag(help: "Go on from the newest saved step.")
    var resume = false

    @Flag(help: "Show the plan and train nothing.")
    var dryRun = false

    @OptionGroup var engine: EngineOptions

    func run() throws {
        let recipe = try Recipe(contentsOf: recipe, overrides: set)
        if !dryRun, !resume { try RunFolder.refuseSteps(in: recipe.output) }
        try engine.start()
        let job = try TrainingJob(recipe, jamVersion: Jam.version)
        for warning in job.warnings { Console.report("warning: \(warning)") }
        if dryRun {
            Console.print("\(job.plan)")
        } else {
            let folder = try job.run(resumes: resume)
            Console.report("wrote \(folder); next: jam inspect \(folder)")
        }
    }
}
