import ArgumentParser
import Evaluating
import PictureDictionary
import ToolSupport

struct BookCompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "book-compare",
        abstract: "Puts the book-reports of several models beside each other.",
        discussion: """
            The folder has a folder for each arm, with a report for each seed. Printed are, in \
            percent, the mean and the spread of the seeds for held-out things, and how far the \
            first arm is ahead of the others, with the 95 % interval of a paired bootstrap.

            EXAMPLES
              picture-dictionary book-compare runs/book/arms --first model
            """
    )

    @Argument(help: "The folder with ARM/SEED.json.")
    var folder: String

    @Option(help: "The arm that is compared with the others.")
    var first = "model"

    func run() throws {
        let comparison = try BookComparison(contentsOf: folder, first: first)
        Console.print(comparison.table.markdown)
        Console.print(comparison.lead.markdown)
    }
}
