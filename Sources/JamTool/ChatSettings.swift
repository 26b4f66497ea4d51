import ArgumentParser
import Jam

/// How a conversation is answered: options of the command line that can be changed while it goes on.
struct ChatSettings: ParsableArguments {
    @Option(
        help: """
            How many of the last questions the model reads, the new one included; 1 suits a model that \
            was tuned on single questions. (default: as many as fit)
            """
    )
    var turns: Int?

    @OptionGroup var sampling: SamplingOptions
    @OptionGroup var seeding: SeedOptions

    func validate() throws {
        guard turns ?? 1 >= 1 else {
            throw ValidationError("--turns is \(turns ?? 0); an integer from 1 is expected")
        }
    }

    /// The checked settings.
    func options() throws -> AnswerOptions {
        var options = try sampling.options(seed: seeding.seed)
        options.forgetsOldTurns = true
        return options
    }
}
