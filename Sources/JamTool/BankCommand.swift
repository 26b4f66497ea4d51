import ArgumentParser
import Basics
import Documents
import Foundation
import Retrieving
import Terminal
import ToolSupport
import Vision

struct BankCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bank",
        abstract: "Makes and searches memory banks: documents that are found by likeness.",
        subcommands: [Build.self, Search.self, Check.self]
    )

    struct Build: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a bank of the documents of shards, or adds them to one.",
            discussion: """
                What is counted as added is on the disk for good, whatever happens to the process. A \
                document has 25 MB as JSON at most, its images as PNG included.
                """
        )

        @Argument(help: "JSON Lines files or WebDataset tar archives.")
        var shards: [String]

        @Option(help: "The CLIP folder that makes the vectors.")
        var clip: String

        @Option(help: "The bank's folder.")
        var output: String

        @Flag(help: "Add to a bank that is there.")
        var append = false

        @Option(help: "How many documents to pass over first.")
        var skip = 0

        @Option(help: "The most documents to read.")
        var limit: Int?

        @OptionGroup var engine: EngineOptions

        func validate() throws {
            guard limit ?? 1 > 0, skip >= 0 else {
                throw ValidationError("--limit is at least 1 and --skip at least 0")
            }
        }

        func run() throws {
            try engine.start()
            let embedder = try CLIPEmbedder(clip)
            var builder = try BankBuilder(
                embedder,
                shards: shards,
                skipping: skip,
                limit: limit ?? .max
            )
            if !append {
                try BankWriter.create(at: output, width: embedder.width, source: embedder.source)
            }
            var writer = try BankWriter(output)
            try writer.check(embedder)
            let before = writer.count
            let progress = ProgressBar("adding", total: limit, unit: "documents")
            do {
                try builder.add(to: &writer) { progress.advance(to: $0 - before) }
            } catch {
                Console.report(
                    "the first \(builder.settledCount) documents of the shards are done with; go on "
                        + "with --append --skip \(builder.settledCount), one more to pass over a bad one"
                )
                throw error
            }
            progress.finish(at: writer.count - before)
            guard writer.count > before else {
                throw BankError.nothingAdded(
                    read: builder.readCount,
                    skipped: min(skip, builder.readCount),
                    blank: builder.blankCount
                )
            }
            if builder.blankCount > 0 {
                Console.report(
                    "\(builder.blankCount) documents without text and image are left out"
                )
            }
            Console.report(
                "wrote \(output): \(writer.count) documents; "
                    + "next: jam bank search \(output) --clip \(clip) --text WORDS"
            )
        }
    }

    struct Search: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the documents that are nearest to words and images."
        )

        @Argument(help: "A bank's folder.")
        var bank: String

        @Option(help: "The CLIP folder that the bank was built with.")
        var clip: String

        @Option(help: "What is looked for; may be repeated.")
        var text: [String] = []

        @Option(help: "An image that is looked for (PNG, JPEG or WebP); may be repeated.")
        var image: [String] = []

        @Option(help: "How many documents; 5 if nothing is said and there are as many.")
        var limit: Int?

        @Flag(help: "Print a line of JSON for each document.")
        var json = false

        @OptionGroup var engine: EngineOptions

        func validate() throws {
            guard text.contains(where: { !$0.isBlank }) || !image.isEmpty else {
                throw ValidationError("--text with words, or --image, is expected")
            }
        }

        func run() throws {
            let images = try image.map {
                Segment.image(try Image(contentsOf: URL(filePath: $0)))
            }
            let query = Document(text.map { .text($0) } + images)
            let bank = try MemoryBank(bank)
            try engine.start()
            let retriever = try Retriever(bank, CLIPEmbedder(clip))
            let terminal = TerminalRenderer(.detected)
            for neighbor in try retriever.nearest(limit ?? min(5, bank.count), to: [query])[0] {
                let document = try bank.document(at: neighbor.index)
                if json {
                    let line: JSON = [
                        "index": .integer(neighbor.index),
                        "score": .number(Double(neighbor.score)),
                        "document": document.json,
                    ]
                    Console.print(line.text())
                } else {
                    let score = String(format: "%.3f", neighbor.score)
                    Console.print("document \(neighbor.index), likeness \(score)")
                    Console.print(terminal.render(document) + "\n")
                }
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compares all documents and vectors of a bank with what was added."
        )

        @Argument(help: "A bank's folder.")
        var bank: String

        func run() throws {
            let bank = try MemoryBank(bank)
            let progress = ProgressBar("checking", total: bank.count, unit: "documents")
            try bank.check { progress.advance(to: $0) }
            progress.finish(at: bank.count)
            Console.print("\(bank.path): \(bank.count) documents, all whole")
        }
    }
}
