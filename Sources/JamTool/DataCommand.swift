import ArgumentParser
import Basics
import Documents
import Foundation
import ToolSupport

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Shows, checks, converts and composes shards of documents.",
        subcommands: [
            Show.self, DataCheckCommand.self, DataConvertCommand.self, DataComposeCommand.self,
        ]
    )

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows documents of a shard in the terminal, or as an HTML page."
        )

        @Argument(help: "A JSON Lines file or a WebDataset tar archive, plain or compressed.")
        var shard: String

        @Option(help: "How many documents.")
        var limit = 5

        @Option(help: "How many documents to skip first.")
        var skip = 0

        @Option(help: "Write an HTML page instead of printing.")
        var output: String?

        @Flag(help: "Print one JSON document a line.")
        var json = false

        func validate() throws {
            guard limit >= 0, skip >= 0 else {
                throw ValidationError("--limit and --skip are at least 0")
            }
        }

        func run() throws {
            let iterator = try DocumentShard(contentsOf: URL(filePath: shard)).documents()
            for _ in 0..<skip where try iterator.next() == nil { break }
            let documents = try iterator.collect(limit: limit)
            if let output {
                let name = URL(filePath: shard).lastPathComponent
                try AtomicFile.write(HTMLRenderer().render(documents, title: name), to: output)
                Console.report("wrote \(output): \(documents.count.of("document"))")
                return
            }
            let terminal = try TerminalRenderer(.detected)
            for document in documents {
                Console.print(json ? document.json.text() : terminal.render(document) + "\n")
            }
        }
    }
}
