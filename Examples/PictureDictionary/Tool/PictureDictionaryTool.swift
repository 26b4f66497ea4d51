import ArgumentParser
import Basics
import ToolSupport

/// The example's command line: one file a subcommand.
struct PictureDictionaryTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "picture-dictionary",
        abstract: "The picture dictionary, an example of JAM: its data, training and reports.",
        version: jamVersion,
        subcommands: [
            BuildCommand.self, TrainCommand.self, ReportCommand.self, DrawingsCommand.self,
            BookCommand.self, AskLLMCommand.self, BookReportCommand.self,
            BookCompareCommand.self, BookShipCommand.self,
        ]
    )
}

@main
enum EntryPoint {
    static func main() async { await PictureDictionaryTool.runTool() }
}
