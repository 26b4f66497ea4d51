/// A text that is being edited, in the rows of a terminal.
///
/// Rows are broken here and not by the terminal, one column before its edge, so that the cursor
/// always has a place in the row. What is under the first row's text stands under it.
package struct LineLayout: Sendable, Equatable {
    package private(set) var rows: [String]
    /// The row of the cursor, and what precedes the cursor in it.
    package private(set) var cursorRow = 0
    package private(set) var beforeCursor: String

    package init(_ text: EditedText, prompt: String, columns: Int) {
        let width = max(columns - 1, 2)
        let indent = prompt.columns * 2 < width ? prompt.columns : 0
        var row = prompt
        var used = prompt.columns
        rows = []
        func add(_ text: String, to rows: inout [String]) {
            for character in text {
                let needed = character == "\t" ? 1 : character.columns
                if character == "\n" || used + needed > width {
                    rows.append(row)
                    row = String(repeating: " ", count: indent)
                    used = indent
                }
                if character == "\n" { continue }
                row.append(character == "\t" ? " " : character)
                used += needed
            }
        }
        add(text.before, to: &rows)
        cursorRow = rows.count
        beforeCursor = row
        add(text.after, to: &rows)
        rows.append(row)
    }

    /// What draws the rows over those of a layout whose cursor was in row `drawnRow` of the screen,
    /// and the cursor's row now.
    ///
    /// The text before the cursor is written twice, the second time to place the cursor: it is then
    /// right even if the terminal thinks otherwise about the width of a character.
    package func drawing(over drawnRow: Int, height: Int) -> (output: String, row: Int) {
        let first = max(0, min(cursorRow - height / 2, rows.count - height))
        let shown = rows[first..<min(first + height, rows.count)]
        let row = cursorRow - first
        return (
            Self.up(drawnRow) + shown.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J"
                + Self.up(shown.count - 1 - row) + beforeCursor,
            row
        )
    }

    /// What draws all rows at last, with the cursor in a new row.
    package func finalDrawing(over drawnRow: Int) -> String {
        Self.up(drawnRow) + rows.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J\r\n"
    }

    private static func up(_ rows: Int) -> String { rows > 0 ? "\r\u{1B}[\(rows)A" : "\r" }
}
