import Foundation
import JamTesting
import Testing
import ToolSupport

@Suite struct LineHistoryTests {
    /// Prevents messages that others can read, and lines that come back as several messages.
    @Test("Messages are kept in a file of their owner's") func messagesAreKept() throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("state/jam/history")
        var history = LineHistory(path: path)
        let messages = ["What is a lion?", "one\ntwo", #"back\nslash \"#, "日本語"]
        for message in messages + ["日本語", "  "] { history.add(message) }
        #expect(history.entries == messages)
        #expect(LineHistory(path: path).entries == messages)
        for (name, mode) in [("state/jam/history", 0o600), ("state/jam", 0o700)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: scratch.file(name))
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode, "\(name)")
        }
    }

    @Test("The oldest messages are forgotten") func oldestAreForgotten() throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("history")
        var history = LineHistory(path: path)
        for number in 0..<LineHistory.limit + 2 { history.add("message \(number)") }
        history.add(String(repeating: "long ", count: 10_000))
        #expect(history.entries.count == LineHistory.limit)
        let kept = LineHistory(path: path).entries
        #expect(kept.count == LineHistory.limit)
        #expect(kept.first == "message 2" && kept.last == "message \(LineHistory.limit + 1)")
        let lines = String(decoding: try scratch.read("history"), as: UTF8.self)
            .split(separator: "\n")
        #expect(lines.count == LineHistory.limit)
    }

    /// Prevents a file from controlling the terminal, and another's file from being written.
    @Test("A file of others is no history") func fileOfOthers() throws {
        let scratch = try ScratchFolder()
        try scratch.write("history", "\u{1B}[2Jgone\n".utf8)
        #expect(LineHistory(path: scratch.file("history")).entries == ["[2Jgone"])

        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("link"),
            withDestinationPath: scratch.file("history")
        )
        try scratch.write("file", [])
        for name in ["link", "file/history", ""] {
            var history = LineHistory(path: scratch.file(name))
            history.add("lion")
            #expect(history.entries == ["lion"])
        }
        #expect(try scratch.read("history") == Array("\u{1B}[2Jgone\n".utf8))
    }

    @Test("The file is where the environment says") func environmentSaysWhere() {
        let paths: [([String: String], String?)] = [
            (["HOME": "/home/a"], "/home/a/.local/state/jam/history"),
            (["HOME": "/home/a", "XDG_STATE_HOME": "/state"], "/state/jam/history"),
            (
                ["HOME": "/home/a", "XDG_STATE_HOME": "state"],
                "/home/a/.local/state/jam/history"
            ),
            (["HOME": "", "XDG_STATE_HOME": ""], nil),
        ]
        for (environment, path) in paths {
            #expect(LineHistory.path(environment: environment) == path)
        }
    }
}
