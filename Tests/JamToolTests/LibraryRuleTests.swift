import Foundation
import Testing

/// Rules that hold for all sources of the library, which the tool and the examples are built on.
@Suite struct LibraryRuleTests {
    /// The modules of programs: the tool, and what programs share.
    private static let programs: Set<String> = ["JamTool", "Terminal"]

    /// The lines of the library's Swift files without comments, each with its place.
    private static func lines() throws -> [(place: String, text: String)] {
        let sources = Tool.root.appending(path: "Sources")
        let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path).filter {
            $0.hasSuffix(".swift") && !programs.contains(String($0.prefix { $0 != "/" }))
        }
        #expect(files.count > 200)
        return try files.flatMap { file in
            let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
            return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
                .filter { !$1.drop(while: \.isWhitespace).hasPrefix("//") }
                .map { ("\(file):\($0 + 1)", String($1)) }
        }
    }

    // Prevents: messages that tell users of the library about flags of a tool that they do not run.
    @Test("No message of the library names a flag of the command line")
    func messagesNameNoFlag() throws {
        let flag = /"[^"]*--[a-z][^"]*"/
        for line in try Self.lines() where line.text.contains(flag) {
            // A comment of HTML or a rule of Markdown is no flag.
            #expect(line.text.contains("<!--") || line.text.contains("---"), "\(line.place)")
        }
    }

    // Prevents: a library that writes to the terminal of its host or takes its signals.
    @Test("The library prints nothing, draws no bar and handles no signal")
    func libraryIsSilent() throws {
        let forbidden =
            /\bprint\(|\bdebugPrint\(|\bsignal\(|\bsigaction\(|STD(ERR|OUT)_FILENO|standard(Error|Output)\b|ProgressBar/
        for line in try Self.lines() {
            #expect(!line.text.contains(forbidden), "\(line.place): \(line.text)")
        }
    }
}
