/// Questions, and beside each other what several answered.
package struct Comparison: Sendable {
    /// A question and its answers, each with the name of who gave it.
    package struct Row: Sendable {
        let question: Document
        let answers: [(name: String, answer: Document)]

        package init(question: Document, answers: [(name: String, answer: Document)]) {
            self.question = question
            self.answers = answers
        }
    }

    let rows: [Row]

    package init(rows: [Row]) {
        self.rows = rows
    }

    /// The name of the answer at a place, where names are hidden: A, B, …, Z, A2, B2, ….
    package static func letter(_ place: Int) -> String {
        let (round, index) = place.quotientAndRemainder(dividingBy: 26)
        let letter = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index)))
        return round == 0 ? letter : "\(letter)\(round + 1)"
    }
}

extension HTMLRenderer {
    /// The page of a comparison: each question over its answers, which stand side by side where the
    /// screen is wide enough.
    package func render(_ comparison: Comparison, title: String, subtitle: String = "") -> String {
        let rows = comparison.rows.map { row in
            let answers = row.answers.map { name, answer in
                let body = content(answer.segments)
                return "<section class=\"assistant\">\n<h2>\(Self.escape(name))</h2>\n\(body)\n"
                    + "</section>"
            }.joined(separator: "\n")
            return "<article>\n\(sections(row.question))\n<div class=\"answers\">\n\(answers)\n"
                + "</div>\n</article>"
        }
        return page(
            "<main class=\"rows\">\n\(rows.joined(separator: "\n"))\n</main>",
            title: title,
            subtitle: subtitle
        )
    }
}
