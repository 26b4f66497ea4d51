import Basics
import Foundation
import Testing

@Suite struct OptionListTests {
    // Prevents: an option that disappears or changes its default, and with it the scripts of users.
    // A wanted change: run with JAM_RECORD=1 and review the difference.
    @Test("The commands, options and defaults are those of the list")
    func list() throws {
        let lines = try [Tool.executable, Tool.pictureDictionary].flatMap { tool in
            let dump = try Tool.succeed("--experimental-dump-help", in: Tool.root.path, as: tool)
            let command = try JSONReader(JSON(parsing: dump), source: "help").nested("command")
            return try Self.lines(of: command, after: "")
        }
        let found = lines.joined(separator: "\n") + "\n"
        let file = Tool.root.appending(path: "Tests/JamToolTests/Fixtures/options.txt")
        if ProcessInfo.processInfo.environment["JAM_RECORD"] != nil {
            try Data(found.utf8).write(to: file)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        let difference = found.split(separator: "\n")
            .difference(from: expected.split(separator: "\n"))
        #expect(difference.isEmpty, "\(difference)")
    }

    private static func lines(of command: JSONReader, after prefix: String) throws -> [String] {
        let name = prefix + (try command.string("commandName"))
        var lines = [name]
        if command.has("arguments") {
            for argument in try command.objects("arguments") {
                let kind = try argument.string("kind")
                let names = argument.has("names") ? try argument.objects("names") : []
                let long = try names.filter { try $0.string("kind") != "short" }
                    .map { "--" + (try $0.string("name")) }
                if long.contains("--help") || long.contains("--version") { continue }
                let title =
                    long.isEmpty
                    ? "<\(try argument.string("valueName"))>" : long.joined(separator: " ")
                let value = argument.has("defaultValue") ? try argument.string("defaultValue") : ""
                let repeats = try argument.bool("isRepeating", default: false) ? " …" : ""
                lines.append("  \(kind) \(title)\(repeats)" + (value.isEmpty ? "" : " = \(value)"))
            }
        }
        if command.has("subcommands") {
            for subcommand in try command.objects("subcommands") {
                guard try subcommand.string("commandName") != "help" else { continue }
                lines += try Self.lines(of: subcommand, after: name + " ")
            }
        }
        return lines
    }
}
