import ArgumentParser
import Basics
import Checkpoints
import Decoders
import Documents
import Foundation
import Generating
import Jam
import Tensors

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
            ImagesCommand.self, CLIPCommand.self, BankCommand.self, DictionaryCommand.self,
        ]
    )

    static let version = jamVersion
}

@main
enum EntryPoint {
    @MainActor static func main() async {
        do {
            var command = try Jam.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as any UserError {
            Console.report("error: \(error.line)")
            Foundation.exit(error.exitCode.rawValue)
        } catch {
            Jam.exit(withError: error)
        }
    }
}

/// The two streams of the tool: data on the one, everything else on the other.
enum Console {
    /// Writes a line of data to standard output.
    static func print(_ text: String) { stream(text + "\n") }

    /// Writes text to standard output as it comes, without a newline.
    ///
    /// Where nobody can take it the tool ends: quietly if a reader such as `head` has gone away.
    static func stream(_ text: String) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            if errno != EPIPE { report("error: standard output: \(error.localizedDescription)") }
            Foundation.exit(Basics.ExitCode.inputOutput.rawValue)
        }
    }

    /// Shows an answer as it comes.
    static func show(_ event: GenerationEvent, in terminal: TerminalRenderer) {
        switch event {
        case .text(let text): stream(TerminalRenderer.harmless(text))
        case .codes: break
        case .image(let image, _): stream("\n" + terminal.render(image) + "\n")
        }
    }

    /// Tells of what is odd in a folder and does no harm.
    static func warned(_ folder: CheckpointFolder) -> CheckpointFolder {
        for warning in folder.warnings { report("warning: \(warning)") }
        return folder
    }

    /// Writes a line about the work to standard error; what it quotes cannot command the terminal.
    static func report(_ text: String) {
        let line = TerminalRenderer.harmless(text) + "\n"
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }
}

extension Generator {
    /// Opens a model folder and tells of what is odd in it.
    static func opened(_ path: String) throws -> Generator {
        try Generator(ModelFolder(Console.warned(CheckpointFolder(path))))
    }
}

/// The options of every command that computes.
struct EngineOptions: ParsableArguments {
    @Option(help: "Threads of one operation; results repeat bit for bit with the same number.")
    var threads: Int?

    /// Starts the engine with these options.
    func start() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads is \(threads); 1 to 1024 is expected")
        }
        try Engine.start(threads: threads)
    }
}
