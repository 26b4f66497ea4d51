import Foundation
import JamTesting
import Testing

@Suite struct ReadmeTests {
    /// A command of the README with the lines that it shows below.
    struct Shown {
        let tool: URL
        let command: String
        var output: [String] = []
    }

    /// The lines `$ jam …` and `$ picture-dictionary …` in the README's code, each with what follows
    /// up to the next command.
    static let commands: [Shown] = {
        let url = Tool.root.appending(path: "README.md")
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
        let tools = ["$ jam ": Tool.executable, "$ picture-dictionary ": Tool.pictureDictionary]
        var commands: [Shown] = []
        var isCode = false
        var current: Shown?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            let isFence = line.hasPrefix("```")
            if isFence { isCode.toggle() }
            if isFence || line.hasPrefix("$ ") {
                if let current { commands.append(current) }
                current = nil
            }
            if isCode, let (prefix, tool) = tools.first(where: { line.hasPrefix($0.key) }) {
                current = Shown(tool: tool, command: String(line.dropFirst(prefix.count)))
            } else if !isFence {
                current?.output.append(line)
            }
        }
        return commands
    }()

    // Prevents: a README that shows what the tool does not print.
    @Test("What the README shows is what the tool prints, one command after the other")
    func commandsAreTrue() throws {
        let scratch = try ScratchFolder()
        for name in ["models", "recipes"] {
            try? FileManager.default.createSymbolicLink(
                atPath: scratch.file(name),
                withDestinationPath: Tool.root.appending(path: name).path
            )
        }
        #expect(Self.commands.count >= 3)
        for shown in Self.commands {
            let result = try Tool.run(
                Tool.words(of: shown.command),
                in: scratch.path,
                as: shown.tool
            )
            let printed = (result.error + result.output).split(whereSeparator: \.isNewline)
            for line in shown.output where !line.isEmpty {
                #expect(
                    printed.contains { $0 == line },
                    "\(shown.command) shows: \(line)\nand prints: \(printed)"
                )
            }
        }
    }
}
