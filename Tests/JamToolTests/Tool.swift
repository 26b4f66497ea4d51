import Foundation
import JamTesting
import Testing

/// The built tool, run as its users run it.
enum Tool {
    /// What a run of the tool has left.
    struct Result {
        let status: Int32
        let output: String
        let error: String
    }

    /// The root of the repository.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The tools are beside the tests.
    static let executable = beside("jam")
    static let pictureDictionary = beside("picture-dictionary")

    private static func beside(_ name: String) -> URL {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: name)
    }

    /// Runs the tool, or another program, in a folder and waits for it; `variables` are added to its
    /// environment, and `input` is what it reads.
    static func run(
        _ arguments: [String],
        in folder: String,
        as executable: URL = executable,
        variables: [String: String] = [:],
        input: String? = nil
    ) throws -> Result {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        // Files take any amount without a reader, as pipes do not.
        let scratch = try ScratchFolder()
        try scratch.write("in", (input ?? "").utf8)
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: scratch.file("in")))
        let streams = try ["out", "err"].map { name in
            try scratch.write(name, [])
            return try FileHandle(forWritingTo: URL(filePath: scratch.file(name)))
        }
        process.standardOutput = streams[0]
        process.standardError = streams[1]
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: String(decoding: try scratch.read("out"), as: UTF8.self),
            error: String(decoding: try scratch.read("err"), as: UTF8.self)
        )
    }

    /// Runs the tool, which must succeed, and returns what it prints.
    @discardableResult
    static func succeed(
        _ command: String,
        in folder: String,
        as executable: URL = executable
    ) throws -> String {
        let result = try run(words(of: command), in: folder, as: executable)
        let name = executable.lastPathComponent
        try #require(result.status == 0, "\(name) \(command)\n\(result.error)")
        return result.output
    }

    /// Splits a command at its blanks, but not within double quotes.
    static func words(of command: String) -> [String] {
        command.split(separator: "\"", omittingEmptySubsequences: false).enumerated().flatMap {
            $0.isMultiple(of: 2) ? $1.split(separator: " ").map(String.init) : [String($1)]
        }
    }
}
