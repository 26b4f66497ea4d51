import ArgumentParser
import Basics
import Jam
import Tensors
import ToolSupport

/// The command line tool: one file a subcommand, each of which builds one value and calls one
/// function of the library.
struct JamCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jam",
        abstract: "Fuses a text model and an image-token model into one that answers in both.",
        discussion: """
            EXAMPLES
              jam chat models/jam-smollm2
              jam generate models/dictionary/answers --prompt "What is a cat?"
              jam fuse cross --text TEXT --image IMAGE --output FUSED
              jam train RECIPE.yaml --set model.from=FUSED
            """,
        version: jamVersion,
        subcommands: [
            FuseCommand.self, TrainCommand.self, GenerateCommand.self, ChatCommand.self,
            ServeCommand.self,
            EvaluateCommand.self, CompareCommand.self, InspectCommand.self, ImportCommand.self,
            QuantizeCommand.self,
            DeltaCommand.self,
            DataCommand.self, TextCommand.self, ImagesCommand.self, CLIPCommand.self,
            BankCommand.self,
        ]
    )
}

@main
enum EntryPoint {
    static func main() async { await JamCommand.runTool() }
}

extension Console {
    /// Waits for an answer; shows it as it comes if `streaming`.
    static func show(_ answer: AnswerStream, streaming: Bool = true) async throws -> Answer {
        let terminal = try TerminalRenderer(.detected)
        var altText: String?
        for try await event in answer {
            switch event {
            case .finished(let answer): return answer
            case .text(let text) where streaming: stream(TerminalRenderer.harmless(text))
            case .altText(let text): altText = text
            case .image(let image) where streaming:
                stream("\n" + terminal.render(image, altText) + "\n")
                altText = nil
            case .text, .image, .imageProgress, .partialImage: break
            }
        }
        throw CancellationError()
    }

    /// Opens a model folder and reports its oddities.
    static func model(
        _ folder: String,
        _ engine: EngineOptions,
        maximumBatchSize: Int = 1,
        prefixCacheBytes: Int = Model.defaultPrefixCacheBytes
    ) async throws -> Model {
        let model = try await Model(
            contentsOf: folder,
            threads: engine.threads,
            maximumBatchSize: maximumBatchSize,
            prefixCacheBytes: prefixCacheBytes
        )
        for warning in await model.warnings { report("warning: \(warning)") }
        return model
    }
}
