package import Basics

/// Named rows of named numbers, some of which may not have been measured.
package struct ResultTable: Sendable, Equatable {
    /// A kind of number.
    package struct Column: Sendable, Equatable {
        /// The member of the JSON.
        package let key: String
        /// The head of the column.
        package let title: String
        /// How its numbers are written.
        package let figure: Figure

        /// Describes a column.
        package init(_ key: String, _ title: String, _ figure: Figure) {
            self.key = key
            self.title = title
            self.figure = figure
        }
    }

    /// A name and a number for each column.
    package struct Row: Sendable, Equatable {
        /// What was measured.
        package let label: String
        /// The numbers, `nil` where there is none.
        package let values: [Double?]

        /// Makes a row.
        package init(_ label: String, _ values: [Double?]) {
            self.label = label
            self.values = values
        }
    }

    /// What stands over the labels.
    package let heading: String
    /// The columns.
    package let columns: [Column]
    /// The rows, each with as many numbers as there are columns.
    package private(set) var rows: [Row] = []

    /// Makes a table without rows.
    package init(_ heading: String, _ columns: [Column]) {
        self.heading = heading
        self.columns = columns
    }

    /// Appends a row.
    package mutating func append(_ row: Row) {
        precondition(row.values.count == columns.count, "a row has a number for each column")
        rows.append(row)
    }

    /// One object a row: `label`, and each number that was measured under its key.
    package var json: JSON {
        .array(
            rows.map { row in
                var object: JSON.Object = ["label": .string(row.label)]
                for (column, value) in zip(columns, row.values) {
                    object[column.key] =
                        value.flatMap { $0.isFinite ? JSON.number($0) : nil } ?? .null
                }
                return .object(object)
            }
        )
    }

    /// The table in Markdown, its numbers to the right.
    package var markdown: String { written.markdown }

    /// The table for a terminal.
    package var text: String { written.text }

    private var written: TextTable {
        TextTable(
            [[heading] + columns.map(\.title)]
                + rows.map { row in
                    [row.label] + zip(columns, row.values).map { $0.figure.text($1) }
                }
        )
    }
}
