import Foundation
import JamTesting
import Testing

/// `jam chat` in a terminal.
@Suite struct ChatEditingTests {
    private static let model = Tool.root.appending(path: "models/dictionary/answers").path

    /// The editor begins.
    private static let prompt = "\u{1B}[?2004h"

    private func chat(
        _ options: String = "--images 0 --max-tokens 3",
        in scratch: ScratchFolder,
        variables: [String: String] = [:]
    ) throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            ["chat", Self.model, "--seed", "1"] + Tool.words(of: options),
            in: scratch.path,
            variables: ["XDG_STATE_HOME": scratch.file("state")].merging(variables) { $1 }
        )
        return terminal
    }

    /// Prevents a message that is not what was on the screen, and a terminal that stays raw.
    @Test("Messages are edited, recalled and pasted") func messagesAreEdited() throws {
        let scratch = try ScratchFolder()
        let first = try chat(in: scratch)
        try first.wait(for: Self.prompt)
        #expect(first.isRaw)
        first.type("What is a loin?\u{1B}[D\u{1B}[D\u{7F}\u{7F}io")
        try first.wait(for: "\r> What is a lio")
        first.type("\r")
        try first.wait(for: "\u{1B}[?2004l")
        try first.wait(for: Self.prompt)
        first.type("\u{1B}[200~What is\r\na fox?\n\u{1B}[201~\r")
        try first.wait(for: Self.prompt)
        first.type("/save a.json\r")
        try first.wait(for: "wrote a.json")
        try first.wait(for: Self.prompt)
        first.type("\u{4}")
        #expect(try first.waitForEnd() == 0)
        #expect(!first.isRaw)
        let saved = String(decoding: try scratch.read("a.json"), as: UTF8.self)
        #expect(saved.contains("\"What is a lion?\"") && saved.contains(#""What is\na fox?""#))
        #expect(
            String(decoding: try scratch.read("state/jam/history"), as: UTF8.self)
                == "What is a lion?\nWhat is\\na fox?\n/save a.json\n"
        )

        let second = try chat(in: scratch)
        try second.wait(for: Self.prompt)
        second.type("\u{1B}[A\u{1B}[A\u{1B}[A\u{1B}[A")
        try second.wait(for: "> What is a lion?")
        second.type("\u{15}/im\ta.j\t")
        try second.wait(for: "> /image a.json")
        second.type("\r")
        try second.wait(for: "error: a.json is not an image")
        second.type("/quit\r")
        #expect(try second.waitForEnd() == 0)
    }

    /// Prevents Ctrl-C from ending a conversation, at its prompt or in an answer.
    @Test("Ctrl-C takes back the line or the answer") func interrupts() throws {
        let scratch = try ScratchFolder()
        let terminal = try chat("--images 6", in: scratch, variables: ["JAM_IMAGES": "none"])
        try terminal.wait(for: Self.prompt)
        terminal.type("never said\u{3}")
        try terminal.wait(for: Self.prompt)
        terminal.type("\u{3}")
        try terminal.wait(for: "Ctrl-D or /quit ends")
        try terminal.wait(for: Self.prompt)
        terminal.type("Draw a lion.\r")
        try terminal.wait(for: "[image 64×64]")
        terminal.type("\u{3}")
        try terminal.wait(for: "stopped; your message is taken back")
        try terminal.wait(for: Self.prompt)
        terminal.type("\u{4}")
        #expect(try terminal.waitForEnd() == 0)
    }

    /// Prevents answers that are drawn without pixels where the terminal has them.
    @Test("Images are sixel graphics if the terminal says so") func asksForSixel() throws {
        let scratch = try ScratchFolder()
        // It may answer late.
        let variables = ["SSH_TTY": "/dev/pts/0"]
        let terminal = try chat("--images 1 --max-tokens 0", in: scratch, variables: variables)
        try terminal.wait(for: "\u{1B}[c")
        terminal.type("\u{1B}[?62;4;22c")
        let shown = try terminal.wait(for: Self.prompt)
        #expect(!shown.contains("22c"), "the answer is shown")
        terminal.type("Draw a lion.\r")
        try terminal.wait(for: "\u{1B}P0;1;0q\"1;1;256;256#0;2;")
        try terminal.wait(for: "\u{1B}\\")
        try terminal.wait(for: Self.prompt)
        terminal.type("/quit\r")
        #expect(try terminal.waitForEnd() == 0)
    }

    @Test("A choice of images that there is not is an error") func refusesChoice() throws {
        let terminal = try chat(in: ScratchFolder(), variables: ["JAM_IMAGES": "ascii"])
        try terminal.wait(for: "rror: the environment's JAM_IMAGES is ascii; kitty, iterm")
        #expect(try terminal.waitForEnd() == 64)
    }
}
