import ArgumentParser
import Basics
import Documents
import Foundation
import ToolSupport

struct DataCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reads whole shards and reports every document that cannot be read.",
        discussion: """
            EXAMPLES
              jam data check captions.tar
              jam data check *.tar --output whole

            With --output the whole documents of each shard are written, byte for byte, into a file of \
            the same name; the exit code is then 0.
            """
    )

    @Argument(help: "JSON Lines files or WebDataset tar archives.")
    var shards: [String]

    @Option(help: "A folder to write the whole documents of each shard to.")
    var output: String?

    @Flag(help: "Print one JSON object a shard.")
    var json = false

    func validate() throws {
        let names = shards.map { URL(filePath: $0).lastPathComponent }
        guard output == nil || Set(names).count == names.count else {
            throw ValidationError("with --output the names of the shards must differ")
        }
    }

    func run() throws {
        guard let output else {
            let bad = try shards.reduce(0) { try $0 + check($1, copyingTo: nil) }
            if bad > 0 { throw CheckError(count: bad) }
            return
        }
        let folder = try OutputFolder(at: output)
        for shard in shards {
            _ = try check(shard, copyingTo: folder.file(URL(filePath: shard).lastPathComponent))
        }
        try folder.commit()
    }

    /// Checks one shard, prints what it has, and counts its problems.
    private func check(_ path: String, copyingTo copy: String?) throws -> Int {
        let check = try ShardCheck(
            DocumentShard(contentsOf: URL(filePath: path)),
            copyingTo: copy,
            onProblem: { Console.report($0.line) }
        )
        guard !json else {
            Console.print(check.json.text())
            return check.problems.count
        }
        Console.print(
            "\(path): \(check.documents) documents, \(check.texts) texts, \(check.images) images"
        )
        if check.problems.count > 1 {
            for (reason, count) in check.reasons { Console.print("  bad: \(count) × \(reason)") }
        }
        if !check.leftAlone.isEmpty {
            Console.print("  left alone: \(check.leftAlone.summary)")
        }
        return check.problems.count
    }
}

/// Some documents of a checked shard cannot be read.
struct CheckError: UserError {
    let count: Int
    var kind: ErrorKind { .malformedInput }
    var description: String { "\(count) documents cannot be read; each is named above" }
}
