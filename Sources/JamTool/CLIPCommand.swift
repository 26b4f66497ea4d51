import ArgumentParser
import Basics
import Jam
import ToolSupport

struct CLIPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clip",
        abstract: "Trains models that match texts and images.",
        subcommands: [Train.self]
    )

    struct Train: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Trains a CLIP model by a recipe.",
            discussion: """
                The trained model is a Hugging Face folder, which transformers opens too. Ctrl-C saves; \
                the same command with --resume continues.
                """
        )

        @OptionGroup var options: RecipeOptions
        @OptionGroup var engine: EngineOptions

        func run() async throws {
            try await options.train(.clip, engine) {
                "jam bank build SHARD --clip \($0) --output BANK"
            }
        }
    }
}
