import ArgumentParser
import Basics
import Documents
import Foundation
import Jam
import ToolSupport

struct BankCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bank",
        abstract: "Builds and searches memory banks: documents found by similarity.",
        subcommands: [Build.self, Search.self, Check.self]
    )

    struct Build: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Builds a bank of the documents of shards, or adds them to one.",
            discussion: """
                Documents that are reported as added are on the disk. A document has at most 64 MB as \
                JSON, including its images as PNG.
                """
        )

        @Argument(help: "JSON Lines files or WebDataset tar archives.")
        var shards: [String]

        @Option(help: "The CLIP folder that computes the embeddings.")
        var clip: String

        @Option(help: "The bank's folder.")
        var output: String

        @Flag(help: "Add to an existing bank.")
        var append = false

        @Option(help: "The number of documents to skip first.")
        var skip = 0

        @Option(help: "The most documents to read.")
        var limit: Int?

        @OptionGroup var badDocuments: BadDocumentOptions

        @OptionGroup var engine: EngineOptions

        func validate() throws {
            guard limit ?? 1 > 0, skip >= 0 else {
                throw ValidationError("--limit is at least 1 and --skip at least 0")
            }
        }

        func run() async throws {
            try engine.start()
            var options = MemoryBank.BuildOptions()
            options.appends = append
            options.skippedCount = skip
            options.limit = limit ?? .max
            options.maxBadDocuments = badDocuments.maxBadDocuments
            options.threads = engine.threads
            var bar: ProgressBar?
            var last: MemoryBank.BuildProgress?
            do {
                let build = MemoryBank.build(
                    at: output,
                    clip: clip,
                    shards: shards,
                    options: options
                )
                for try await progress in build {
                    bar = bar ?? ProgressBar("adding", total: limit, unit: "documents")
                    bar?.advance(to: progress.addedCount)
                    progress.remarks.dropFirst(last?.remarks.count ?? 0).forEach(Console.report)
                    last = progress
                }
            } catch {
                if let count = last?.processedCount {
                    Console.report(
                        "the first \(count.of("document")) of the shards are processed; continue with "
                            + "--append --skip \(count), or one more to skip a bad document"
                    )
                }
                throw error
            }
            guard let last, last.addedCount > 0 else {
                throw NothingAdded(progress: last, skip: skip)
            }
            bar?.finish(at: last.addedCount)
            if last.blankCount > 0 {
                Console.report("\(last.blankCount) documents without text and image are left out")
            }
            Console.report(
                "wrote \(output): \(last.count.of("document")); "
                    + "next: jam bank search \(output) --clip \(clip) --text WORDS"
            )
        }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the documents most similar to texts and images."
        )

        @Argument(help: "A bank's folder.")
        var bank: String

        @Option(help: "The CLIP folder that the bank was built with.")
        var clip: String

        @Option(help: "A text to search for; may be repeated.")
        var text: [String] = []

        @Option(help: "An image file to search for; may be repeated.")
        var image: [String] = []

        @Option(help: "The number of documents; 5 by default, or all if there are fewer.")
        var limit: Int?

        @Flag(help: "Print a line of JSON for each document.")
        var json = false

        @OptionGroup var engine: EngineOptions

        func validate() throws {
            guard text.contains(where: { !$0.isBlank }) || !image.isEmpty else {
                throw ValidationError("--text with words, or --image, is expected")
            }
        }

        func run() async throws {
            let images = try image.map {
                Segment.image(try Image(contentsOf: URL(filePath: $0)))
            }
            let query = Document(text.map { .text($0) } + images)
            try engine.start()
            let bank = try await MemoryBank(contentsOf: bank, clip: clip, threads: engine.threads)
            let terminal = try TerminalRenderer(.detected)
            for hit in try await bank.search(query, limit: limit) {
                if json {
                    let line: JSON = [
                        "index": .integer(hit.index),
                        "score": .number(hit.similarity),
                        "document": hit.document.json,
                    ]
                    Console.print(line.text())
                } else {
                    let similarity = hit.similarity.decimals(3)
                    Console.print("document \(hit.index), similarity \(similarity)")
                    Console.print(terminal.render(hit.document) + "\n")
                }
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compares all documents and embeddings of a bank with their checksums."
        )

        @Argument(help: "A bank's folder.")
        var bank: String

        func run() async throws {
            var bar: ProgressBar?
            var count = 0
            for try await progress in MemoryBank.check(bank) {
                count = progress.count
                bar = bar ?? ProgressBar("checking", total: count, unit: "documents")
                bar?.advance(to: progress.checkedCount)
            }
            bar?.finish(at: count)
            Console.print("\(bank): \(count.of("document")), all unchanged")
        }
    }

    /// The shards have no document to add.
    private struct NothingAdded: UserError {
        let progress: MemoryBank.BuildProgress?
        let skip: Int

        var kind: ErrorKind { .malformedInput }
        var description: String {
            let (read, blank) = (progress?.readCount ?? 0, progress?.blankCount ?? 0)
            return
                "nothing was added: of \(read) documents \(min(skip, read)) are skipped by --skip, "
                + "and \(blank) have neither text nor image"
        }
    }
}
