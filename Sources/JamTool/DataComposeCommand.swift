import ArgumentParser
import Basics
import Documents
import Foundation
import ToolSupport
import Training

struct DataComposeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compose",
        abstract: "Makes conversations of documents by the templates of a task.",
        discussion: """
            One of the task's templates makes a conversation of the parts of each document, such as \
            an image and its caption, or an image, an instruction and the changed image.

            EXAMPLE
              jam data compose captions.tar --templates recipes/tasks.yaml --task drawing \\
                --output drawing.tar
            """
    )

    @Argument(help: "JSON Lines files or WebDataset tar archives.")
    var shards: [String]

    @Option(help: "A YAML file of tasks.")
    var templates: String

    @Option(help: "The task whose parts the documents have.")
    var task: String

    @Option(help: "The shard to write: FILE.tar or FILE.jsonl.")
    var output: String

    @Option(help: "The most documents to read.")
    var limit: Int?

    @Option(help: "The seed of the choice of templates.")
    var seed: UInt64 = 0

    @OptionGroup var badDocuments: BadDocumentOptions

    func validate() throws {
        guard ["tar", "jsonl"].contains(URL(filePath: output).pathExtension) else {
            throw ValidationError(
                "--output \(output): a name that ends in .tar or .jsonl is expected"
            )
        }
        guard limit ?? 1 > 0 else { throw ValidationError("--limit is at least 1") }
    }

    func run() throws {
        let template = try TaskTemplates(contentsOf: templates)[task]
        let url = URL(filePath: output)
        let count: Int
        if url.pathExtension == "tar" {
            var writer = try WebDatasetWriter(to: url)
            count = try compose(template) { try writer.write($0) }
            try writer.finish()
        } else {
            let writer = try JSONLinesWriter(to: url)
            count = try compose(template) { try writer.write($0) }
            try writer.finish()
        }
        Console.report(
            "wrote \(output): \(count.of("conversation")); next: jam data show \(output)"
        )
    }

    /// Writes the conversation of each document, and returns their number.
    private func compose(_ template: TaskTemplate, _ write: (Document) throws -> Void) throws -> Int
    {
        let progress = ProgressBar("composing", total: limit, unit: "documents")
        var count = 0
        let reader = badDocuments.reader(of: shards)
        while count < limit ?? .max, let (document, shard) = try reader.next() {
            var random = SeededGenerator(seed: seed, UInt64(count))
            let place = "\(shard): document \(reader.number)"
            try write(template.conversation(about: document, at: place, using: &random))
            count += 1
            progress.advance(to: count)
        }
        try reader.finish()
        progress.finish(at: count)
        return count
    }
}
