import ArgumentParser
import Basics
import Documents
import Foundation
import Terminal

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Shows and checks shards of documents, and composes conversations from them.",
        subcommands: [Show.self, Check.self, DataComposeCommand.self]
    )

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows documents of a shard in the terminal, or as an HTML page."
        )

        @Argument(help: "A JSON Lines file or a WebDataset tar archive.")
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
                Console.report("wrote \(output): \(documents.count) documents")
                return
            }
            let terminal = TerminalRenderer(.detected)
            for document in documents {
                Console.print(json ? document.json.text() : terminal.render(document) + "\n")
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reads whole shards and reports every document that cannot be read."
        )

        @Argument(help: "JSON Lines files or WebDataset tar archives.")
        var shards: [String]

        func run() throws {
            var bad = 0
            for path in shards {
                let iterator = try DocumentShard(contentsOf: URL(filePath: path)).documents()
                var counts = (documents: 0, texts: 0, images: 0)
                reading: while true {
                    do {
                        guard let document = try iterator.next() else { break reading }
                        counts.documents += 1
                        for segment in document.segments {
                            switch segment.content {
                            case .text: counts.texts += 1
                            case .image: counts.images += 1
                            }
                        }
                    } catch let error as ShardError {
                        bad += 1
                        Console.report(error.line)
                        if error.scope == .shard { break reading }
                    }
                }
                Console.print(
                    "\(path): \(counts.documents) documents, \(counts.texts) texts, "
                        + "\(counts.images) images"
                )
            }
            if bad > 0 { throw CheckError(count: bad) }
        }
    }
}

/// Some documents of a checked shard cannot be read.
struct CheckError: UserError {
    let count: Int
    var kind: ErrorKind { .malformedInput }
    var description: String { "\(count) documents cannot be read; each is named above" }
}
