import ArgumentParser
import Basics
import PictureDictionary
import ToolSupport

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Trains all models of the dictionary by the recipes, and writes them.",
        discussion: """
            Takes hours on two cores. Ctrl-C saves; the same command resumes. Results that are \
            already in runs/dictionary, the folder that the recipes name, are kept.
            """
    )

    @Option(help: "The folder to write the finished models to.")
    var output = "models/dictionary"

    @Option(help: "The folder of the recipes.")
    var recipes = "recipes/dictionary"

    @OptionGroup var engine: EngineOptions

    func run() throws {
        try engine.start()
        let training = DictionaryTraining(
            runs: "runs/dictionary",
            recipes: recipes
        )
        StopSignals.listen()
        try training.run(
            announce: { Console.report($0) },
            onProgress: ProgressBar.handler(),
            isStopWanted: { StopSignals.isStopWanted }
        )
        try training.ship(to: output)
        Console.report("wrote \(output); next: jam chat \(output)/answers")
    }
}
