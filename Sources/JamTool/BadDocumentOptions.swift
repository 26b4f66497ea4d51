import ArgumentParser
import Documents
import ToolSupport

/// The options of commands that read whole shards.
struct BadDocumentOptions: ParsableArguments {
    @Option(
        help: """
            How many documents that cannot be read are named and passed over: a count, or a share below \
            1.
            """
    )
    var maxBadDocuments = 0.0

    func validate() throws {
        guard BadDocumentLimit(maxBadDocuments) != nil else {
            throw ValidationError(
                "--max-bad-documents is \(maxBadDocuments); a count or a share below 1 is expected"
            )
        }
    }

    var limit: BadDocumentLimit { BadDocumentLimit(maxBadDocuments) ?? .none }

    /// A reader of shards that says what it passes over.
    func reader(of shards: [String]) -> ShardsReader {
        ShardsReader(shards, limit: limit, onRemark: Console.report)
    }
}
