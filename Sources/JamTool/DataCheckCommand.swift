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
            the same name; those of a compressed shard uncompressed, without its suffix. The exit code is then 0 if every shard could be read to its end.
            """
    )

    @Argument(help: "JSON Lines files or WebDataset tar archives, plain or compressed.")
    var shards: [String]

    @Option(help: "A folder to write the whole documents of each shard to.")
    var output: String?

    @Flag(help: "Print one JSON object a shard.")
    var json = false

    func validate() throws {
        let names = shards.map(copyName)
        guard output == nil || Set(names).count == names.count else {
            throw ValidationError("with --output the names of the shards must differ")
        }
    }

    func run() throws {
        guard let output else {
            let checks = try shards.map { try check($0, copyingTo: nil) }
            let bad = checks.reduce(0) { $0 + $1.problems.count }
            if bad > 0 { throw CheckError(count: bad) }
            return
        }
        let folder = try OutputFolder(at: output)
        let checks = try shards.map { shard in
            try check(shard, copyingTo: folder.file(copyName(of: shard)))
        }
        try folder.commit()
        let broken = checks.count { !$0.isReadToEnd }
        if broken > 0 { throw BrokenShardsError(count: broken) }
    }

    private func copyName(of shard: String) -> String {
        Compression.plainName(of: URL(filePath: shard).lastPathComponent)
    }

    /// Checks one shard and prints what it has.
    private func check(_ path: String, copyingTo copy: String?) throws -> ShardCheck {
        let check = try ShardCheck(path, copyingTo: copy, onProblem: { Console.report($0.line) })
        guard !json else {
            Console.print(check.json.text())
            return check
        }
        Console.print(
            "\(path): \(check.documents.of("document")), \(check.texts.of("text")), "
                + check.images.of("image")
        )
        if !check.isReadToEnd { Console.print("  it could not be read to its end") }
        if check.problems.count > 1 {
            for (reason, count) in check.reasons { Console.print("  bad: \(count) × \(reason)") }
        }
        if !check.leftAlone.isEmpty {
            Console.print("  left alone: \(check.leftAlone.summary)")
        }
        return check
    }
}

/// Some documents of a checked shard cannot be read.
struct CheckError: UserError {
    let count: Int
    var kind: ErrorKind { .malformedInput }
    var description: String { "\(count.of("problem")) found; named above" }
}

/// Some shards end too early or cannot be read.
struct BrokenShardsError: UserError {
    let count: Int
    var kind: ErrorKind { .malformedInput }
    var description: String {
        "\(count.of("shard")) could not be read to the end; only the documents before that are written"
    }
}
