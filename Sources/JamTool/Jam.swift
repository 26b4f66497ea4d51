import ArgumentParser
import Checkpoints
import Decoders
import Documents
import Generating
import ToolSupport

/// The command line tool: one file a subcommand, each of which builds one value and calls one
/// function of the library.
struct Jam: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jam",
        abstract: "Fuses a text model and an image-token model into one that answers in both.",
        discussion: """
            EXAMPLES
              jam fuse cross --text models/dictionary/text --image models/dictionary/image --output fused
              jam train recipes/dictionary/answers.yaml --set model.from=fused
              jam generate models/dictionary/answers --prompt "What is a cat?" --output answer.html
              jam chat models/dictionary/answers
            """,
        version: version,
        subcommands: [
            FuseCommand.self, TrainCommand.self, GenerateCommand.self, ChatCommand.self,
            EvaluateCommand.self, InspectCommand.self, DataCommand.self, TextCommand.self,
            ImagesCommand.self, CLIPCommand.self, BankCommand.self,
        ]
    )

    static let version = jamVersion
}

@main
enum EntryPoint {
    static func main() { Jam.runTool() }
}

extension Console {
    /// Shows an answer as it comes.
    static func show(_ event: GenerationEvent, in terminal: TerminalRenderer) {
        switch event {
        case .text(let text): stream(TerminalRenderer.harmless(text))
        case .codes: break
        case .image(let image, _): stream("\n" + terminal.render(image) + "\n")
        }
    }
}

extension Generator {
    /// Opens a model folder and tells of what is odd in it.
    static func opened(_ path: String) throws -> Generator {
        try Generator(ModelFolder(Console.warned(CheckpointFolder(path))))
    }
}
