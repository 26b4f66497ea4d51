import JamTesting
import Testing
import ToolSupport

@Suite struct LineEditorTests {
    /// What a line editor has after a terminal has sent something, `|` where the cursor is.
    private func edited(_ typed: String, history: [String] = []) -> String {
        var past = LineHistory(path: nil)
        for entry in history { past.add(entry) }
        var editor = LineEditor(history: past)
        var parser = KeyParser()
        // A byte at a time, as they may come over a slow line.
        for byte in typed.utf8 {
            for key in parser.parse([byte]) { _ = editor.press(key) }
        }
        return editor.text.before + "|" + editor.text.after
    }

    private static let left = "\u{1B}[D"
    private static let right = "\u{1B}OC"
    private static let up = "\u{1B}[A"
    private static let down = "\u{1B}[B"
    private static let texts: [(typed: String, text: String)] = [
        ("Draw a lion.", "Draw a lion.|"),
        ("lion\(left)\(left)X", "liX|on"),
        ("lion\u{1}a \u{5}!", "a lion!|"),
        ("lion\u{1B}[Ha \u{1B}[F!", "a lion!|"),
        ("lion\u{1B}[1~a \u{1B}[4~!", "a lion!|"),
        ("lion\(left)\(left)\u{B}", "li|"),
        ("lion\(left)\(left)\u{15}", "|on"),
        ("lion\(left)\(left)\u{15}\u{5}\u{19}", "onli|"),
        ("a big  lion \u{17}", "a big  |"),
        ("lion\u{1B}[D\u{1B}[3~\u{1B}[3~", "lio|"),
        ("lion\(left)\u{4}", "lio|"),
        ("lion\u{7F}\u{8}", "li|"),
        ("a big lion\u{1B}[1;5D\u{1B}bX", "a X|big lion"),
        ("a big lion\u{1}\u{1B}[1;3C\u{1B}fX", "a bigX| lion"),
        ("lion\(right)\(right)!", "lion!|"),
        ("\u{7F}\(left)\u{17}\u{B}\u{15}x", "x|"),
        // Characters of several bytes, several code points, and what is none.
        ("日本語\(left)\u{7F}x", "日x|語"),
        ("cafe\u{301}s\(left)\u{7F}", "caf|s"),
        ("हिन्दी\u{7F}", "हि|"),
        ("👨‍👩‍👧❤️\(left)\u{7F}", "|❤️"),
        // Sequences that mean nothing here.
        ("a\u{1B}[?62;4cb\u{1B}[15~c\u{1B}]0;title\u{7}d\u{1B}P1\u{1B}\\e\u{1B}xf\u{0}", "abcdef|"),
        // Pasted lines, which are no keys.
        ("\u{1B}[200~one\r\ntwo\rthree\u{3}\u{1B}[A\r\n\u{1B}[201~!", "one\ntwo\nthree[A!|"),
        ("one\u{1B}\rtwo", "one\ntwo|"),
    ]

    @Test("Keys change a text as everywhere", arguments: texts)
    func keysChangeText(typed: String, text: String) { #expect(edited(typed) == text) }

    /// Prevents a broken character from taking the next key with it.
    @Test("What is not UTF-8 is one replacement or nothing") func brokenCharacters() {
        var parser = KeyParser()
        #expect(parser.parse([0xFF, 0x61]) == [.text("\u{FFFD}a")])
        #expect(parser.parse([0xE6, 0x0D]) == [.enter])
        #expect(parser.parse([0xE6, 0x97]) == [])
        #expect(parser.parse([0xA5]) == [.text("日")])
        // CSI as one character of C1 would begin a sequence.
        #expect(parser.parse([0xC2, 0x9B, 0x41]) == [.text("A")])
    }

    private static let recalled: [(typed: String, text: String)] = [
        (up, "third|"),
        (up + up + up + up, "first|"),
        (up + up + down, "third|"),
        ("draft\(up)\(up)\(down)\(down)", "draft|"),
        ("draft\(up)\(up)\(down)\(down)\(down)", "draft|"),
        ("\(up)\(up)!\(down)\(up)", "second|"),
        // Lines of a message come before other messages.
        ("\u{1B}[200~one\ntwo\u{1B}[201~\(up)\(up)\(down)\(up)X", "oneX|\ntwo"),
        ("\u{1B}[200~one\ntwo\u{1B}[201~\(up)\(up)", "third|"),
    ]

    @Test("Earlier messages come back", arguments: recalled)
    func messagesComeBack(typed: String, text: String) {
        #expect(edited(typed, history: ["first", "second", "third", "third"]) == text)
    }

    @Test("Keys end a message or the conversation") func keysEnd() {
        var editor = LineEditor(history: LineHistory(path: nil))
        #expect(editor.press(.interrupt) == .interrupted(hadText: false))
        #expect(editor.press(.text("lion")) == .editing)
        #expect(editor.press(.endOfInput) == .editing)
        #expect(editor.press(.enter) == .entered("lion"))
        #expect(editor.press(.text("fox")) == .editing)
        #expect(editor.press(.interrupt) == .interrupted(hadText: true))
        #expect(editor.text.text == "")
        #expect(editor.press(.up) == .editing)
        #expect(editor.text.text == "lion")
        #expect(editor.press(.deleteToStart) == .editing)
        #expect(editor.press(.endOfInput) == .ended)
    }

    @Test("Tab completes as far as all agree") func tabCompletes() {
        let all = ["/save ", "/settings ", "/system "]
        var editor = LineEditor(history: LineHistory(path: nil)) { text in
            all.filter { $0.hasPrefix(text) }
        }
        #expect(editor.press(.tab) == .editing)
        #expect(editor.text.text == "/s")
        #expect(editor.press(.tab) == .offered(all))
        #expect(editor.press(.text("e")) == .editing)
        #expect(editor.press(.tab) == .editing)
        #expect(editor.text.text == "/settings ")
        #expect(editor.press(.text("x")) == .editing)
        #expect(editor.press(.tab) == .editing)
        #expect(editor.text.text == "/settings x")
    }
}
