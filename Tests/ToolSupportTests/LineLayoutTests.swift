import Testing
import ToolSupport

@Suite struct LineLayoutTests {
    /// As much of a terminal as the drawings of a layout use.
    private struct Screen {
        var lines: [[Character]] = [[]]
        var row = 0
        var column = 0

        mutating func show(_ output: String) {
            var rest = Array(output)[...]
            while let character = rest.popFirst() {
                switch character {
                case "\r\n":
                    row += 1
                    column = 0
                    if row == lines.count { lines.append([]) }
                case "\r": column = 0
                case "\u{1B}":
                    let sequence = rest.prefix { !$0.isLetter }
                    rest = rest.dropFirst(sequence.count)
                    follow(rest.removeFirst(), Int(String(sequence.dropFirst())) ?? 0)
                default:
                    while lines[row].count <= column { lines[row].append(" ") }
                    lines[row][column] = character
                    // The second half of a wide character.
                    if character.columns == 2 {
                        lines[row] =
                            lines[row].prefix(column + 1) + [" "]
                            + lines[row].dropFirst(column + 2)
                    }
                    column += character.columns
                }
            }
        }

        private mutating func follow(_ final: Character, _ count: Int) {
            switch final {
            case "A": row -= count
            case "K": lines[row] = Array(lines[row].prefix(column))
            case "J": lines = Array(lines.prefix(row + 1))
            default: Issue.record("no such sequence: \(final)")
            }
        }
    }

    private func text(_ before: String, _ after: String = "") -> EditedText {
        var text = EditedText(before + after)
        for _ in after { text.moveLeft() }
        return text
    }

    /// Prevents remains of longer texts, and a cursor beside its place.
    @Test("Texts are drawn over one another") func textsAreDrawn() {
        var screen = Screen()
        var row = 0
        func show(_ text: EditedText, _ lines: [String], cursor: (row: Int, column: Int)) {
            let layout = LineLayout(text, prompt: "> ", columns: 10)
            let drawing = layout.drawing(over: row, height: 10)
            screen.show(drawing.output)
            row = drawing.row
            #expect(screen.lines.map { String($0) } == lines)
            #expect(screen.row == cursor.row && screen.column == cursor.column, "\(lines)")
        }
        show(text(""), ["> "], cursor: (0, 2))
        show(text("lion"), ["> lion"], cursor: (0, 6))
        show(text("li", "on"), ["> lion"], cursor: (0, 4))
        show(text("abcdefg"), ["> abcdefg"], cursor: (0, 9))
        show(text("abcdefgh"), ["> abcdefg", "  h"], cursor: (1, 3))
        show(text("ab", "cdefghijklmnopq"), ["> abcdefg", "  hijklmn", "  opq"], cursor: (0, 4))
        show(text("one\n", "two"), ["> one", "  two"], cursor: (1, 2))
        show(text("", "one\n\n"), ["> one", "  ", "  "], cursor: (0, 2))
        show(text("日本", "語xy"), ["> 日 本 語 x", "  y"], cursor: (0, 6))
        show(text("日本語日"), ["> 日 本 語 ", "  日 "], cursor: (1, 4))
        show(text("cafe\u{301}", "\ts"), ["> cafe\u{301} s"], cursor: (0, 6))
        show(text("x"), ["> x"], cursor: (0, 3))
    }

    @Test("Of a text of more rows than the screen has, those about the cursor are drawn")
    func longTextsAreDrawn() {
        let lines = (0..<10).map { "\($0)" }
        let whole = LineLayout(text(lines.joined(separator: "\n")), prompt: "> ", columns: 10)
        for (layout, shown, row) in [
            (whole, ["  7", "  8", "  9"], 2),
            (
                LineLayout(text("0", "\n1\n2\n3\n4"), prompt: "> ", columns: 10),
                ["> 0", "  1", "  2"], 0
            ),
            (
                LineLayout(text("0\n1\n2", "\n3\n4"), prompt: "> ", columns: 10),
                ["  1", "  2", "  3"], 1
            ),
        ] {
            var screen = Screen()
            let drawing = layout.drawing(over: 0, height: 3)
            screen.show(drawing.output)
            #expect(screen.lines.map { String($0) } == shown)
            #expect(drawing.row == row && screen.row == row)
        }
        var screen = Screen()
        screen.show(whole.finalDrawing(over: 0))
        #expect(screen.lines.count == 11 && screen.row == 10 && screen.column == 0)
    }

    @Test("Characters take the columns that they take in terminals") func columns() {
        let widths: [(String, Int)] = [
            ("a", 1), ("é", 1), ("e\u{301}", 1), ("日", 2), ("ｱ", 1), ("한", 2), ("，", 2), ("…", 1),
            ("नि", 1), ("❤", 1), ("❤️", 2), ("🦁", 2), ("👨‍👩‍👧", 2), ("🇩🇪", 2), ("⌚", 2), ("𠀀", 2),
            ("\u{200B}", 0),
        ]
        for (text, columns) in widths { #expect(text.columns == columns, "\(text)") }
    }
}
