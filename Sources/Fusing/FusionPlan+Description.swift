import Basics
import Checkpoints
import Vocabulary

extension FusionPlan: CustomStringConvertible {
    /// The plan for a terminal: parts with their rules, tokens, totals.
    package var description: String {
        var blocks = [heading, weightTable, tokenTable]
        if parents.vocabulary.isUnion { blocks.append(unionTable) }
        blocks.append(total)
        if !notes.isEmpty { blocks.append(notes.map { "note: \($0)" }.joined(separator: "\n")) }
        return blocks.joined(separator: "\n\n")
    }

    private var heading: String {
        """
        \(recipe.method.title) of
          T  \(parents.text.name) (text)
          I  \(parents.image.name) (image)
        """
    }

    private var weightTable: String {
        let rows = lines.enumerated().map { index, line in
            let isFirst = index == 0 || lines[index - 1].group != line.group
            return [
                isFirst ? line.group.rawValue : "", line.tensorCount.grouped,
                line.parameterCount.grouped, line.rule,
            ]
        }
        let sum = ["all", tensors.count.grouped, parameterCount.grouped, ""]
        return TextTable(
            ["part", "tensors", "parameters", "made by"],
            rightAligned: [1, 2],
            rows: rows,
            footer: sum
        ).text
    }

    private var tokenTable: String {
        let space = parents.space
        var rows = [
            ["text", space.text.count.grouped, Self.span(space.text)],
            ["special tokens", space.specialTokens.count.grouped, ""],
            ["image codes", space.image.count.grouped, Self.span(space.image)],
        ]
        if otherRowCount > 0 {
            rows.append(["others", otherRowCount.grouped, "other added tokens, unused rows"])
        }
        return TextTable(
            ["tokens", "rows", "ids"],
            rightAligned: [1],
            rows: rows,
            footer: ["all", parents.vocabulary.rows.grouped, ""]
        ).text
    }

    private var unionTable: String {
        let union = parents.vocabulary
        let meanings: [(TokenUnion.Side.Case, String)] = [
            (.matched, "row of the same token"),
            (.pieces, "mean of the rows of its pieces"),
            (.absent, "no such row: image codes, special tokens"),
            (.unused, "rows that no token uses, at the end"),
        ]
        let rows = meanings.map { found, meaning in
            let counts = [union.text, union.image].map { $0.count(of: found).grouped }
            return [found.rawValue] + counts + [meaning]
        }
        let leftOut = [union.text.leftOut.grouped, union.image.leftOut.grouped]
        return TextTable(
            ["union", "in T", "in I", "made of"],
            rightAligned: [1, 2],
            rows: rows,
            footer: ["left out"] + leftOut + ["pieces that the tokenizer never yields"]
        ).text
    }

    private var total: String {
        "to write: \(byteCount.byteText) of \(format.elementType.rawValue) in "
            + layout.shards.count.of("file")
    }

    private static func span(_ range: Range<Int>) -> String {
        range.isEmpty ? "none" : "\(range.lowerBound)–\(range.upperBound - 1)"
    }

    private static func span(_ ids: RangeSet<Int>) -> String {
        guard let first = ids.ranges.first, let last = ids.ranges.last else { return "none" }
        let whole = span(first.lowerBound..<last.upperBound)
        return ids.ranges.count == 1 ? whole : whole + " with gaps"
    }
}

/// Columns of text with a line below the titles and one above the footer.
private struct TextTable {
    private let lines: [[String]]
    private let rightAligned: Set<Int>

    init(_ titles: [String], rightAligned: Set<Int>, rows: [[String]], footer: [String]) {
        lines = [titles] + rows + [footer]
        self.rightAligned = rightAligned
    }

    var text: String {
        let widths = (lines.first ?? []).indices.map { column in
            lines.map { $0[column].count }.max() ?? 0
        }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
        var texts = lines.map { line in
            let cells = line.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return rightAligned.contains(column) ? padding + cell : cell + padding
            }
            return Self.trimmed(cells.joined(separator: "  "))
        }
        texts.insert(rule, at: texts.count - 1)
        texts.insert(rule, at: 1)
        return texts.joined(separator: "\n")
    }

    private static func trimmed(_ line: String) -> String {
        let end = line.lastIndex { $0 != " " }
        return end.map { String(line[...$0]) } ?? ""
    }
}
