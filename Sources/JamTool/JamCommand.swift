import ArgumentParser
import Basics
import Checkpoints
import Foundation
import Jam
import Tensors
import Terminal

/// The command line tool: one file a subcommand, each of which builds one value and calls one
/// function of the library.
struct JamCommand: AsyncParsableCommand {
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
    static func main() async {
        do {
            var command = try JamCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            // The module's own error has the exit code, and the setting whose flag is named.
            let error = (error as? JamError)?.underlying ?? error
            guard let error = error as? any UserError else { JamCommand.exit(withError: error) }
            Console.report("error: \((error as? SettingError)?.lineWithFlag ?? error.line)")
            Foundation.exit(error.kind.exitCode)
        }
    }
}

/// The streams of the tool: data to standard output, everything else to standard error.
enum Console {
    /// Writes a line of data to standard output.
    static func print(_ text: String) { stream(text + "\n") }

    /// Writes text to standard output as it comes, without a newline.
    ///
    /// If it cannot be written, the tool ends: quietly if a reader such as `head` has closed the pipe.
    static func stream(_ text: String) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            if errno != EPIPE { report("error: standard output: \(error.localizedDescription)") }
            Foundation.exit(ErrorKind.inputOutput.exitCode)
        }
    }

    /// Waits for an answer; shows it as it comes if `streaming`.
    static func show(_ answer: AnswerStream, streaming: Bool = true) async throws -> Answer {
        let terminal = TerminalRenderer(.detected)
        for try await event in answer {
            switch event {
            case .finished(let answer): return answer
            case .text(let text) where streaming: stream(TerminalRenderer.harmless(text))
            case .image(let image) where streaming: stream("\n" + terminal.render(image) + "\n")
            case .text, .image, .imageProgress: break
            }
        }
        throw CancellationError()
    }

    /// Opens a model folder and reports its oddities.
    static func model(_ folder: String, _ engine: EngineOptions) async throws -> Model {
        let model = try await Model(contentsOf: folder, threads: engine.threads)
        for warning in await model.warnings { report("warning: \(warning)") }
        return model
    }

    /// Reports oddities of a folder that do no harm.
    static func warned(_ folder: CheckpointFolder) -> CheckpointFolder {
        for warning in folder.warnings { report("warning: \(warning)") }
        return folder
    }

    /// Writes a line to standard error, without control characters of what it quotes.
    static func report(_ text: String) {
        let line = TerminalRenderer.harmless(text) + "\n"
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }
}

/// The options of every command that computes.
struct EngineOptions: ParsableArguments {
    @Option(help: "Threads of one operation; results repeat bit for bit only with the same number.")
    var threads: Int?

    /// Starts the engine.
    func start() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads is \(threads); 1 to 1024 is expected")
        }
        try Engine.start(threads: threads)
    }
}
