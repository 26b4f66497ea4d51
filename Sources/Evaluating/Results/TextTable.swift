/// Cells of text in rows of equal length, the first of which are the heads.
package struct TextTable: Sendable, Equatable {
    package let cells: [[String]]

    package init(_ cells: [[String]]) {
        precondition(!cells.isEmpty, "a table without heads")
        self.cells = cells
    }

    /// The table in Markdown, all columns but the first to the right and even in the source, too.
    package var markdown: String {
        let cells = cells.map { $0.map { $0.replacing("|", with: "\\|") } }
        let widths = Self.widths(of: cells, atLeast: 3)
        let rule = widths.enumerated().map { index, width in
            index == 0
                ? String(repeating: "-", count: width)
                : String(repeating: "-", count: width - 1) + ":"
        }
        var lines = cells.map { Self.padded($0, widths) }
        lines.insert(rule, at: 1)
        return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }

    /// The table for a terminal: two spaces between the columns, a line under the heads.
    package var text: String {
        let widths = Self.widths(of: cells, atLeast: 1)
        var lines = cells.map { Self.padded($0, widths).joined(separator: "  ") }
        lines.insert(
            widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "),
            at: 1
        )
        return lines.map { $0 + "\n" }.joined()
    }

    private static func widths(of cells: [[String]], atLeast minimum: Int) -> [Int] {
        cells[0].indices.map { column in
            cells.reduce(minimum) { max($0, $1[column].count) }
        }
    }

    private static func padded(_ cells: [String], _ widths: [Int]) -> [String] {
        zip(cells, widths).enumerated().map { index, cell in
            let space = String(repeating: " ", count: cell.1 - cell.0.count)
            return index == 0 ? cell.0 + space : space + cell.0
        }
    }
}
