import Basics
import Evaluating
import Testing

@Suite struct ResultTests {
    @Test("Accuracy counts ranks") func accuracyCountsRanks() {
        let accuracy = RetrievalAccuracy(ranks: [1, 2, nil, 5, 6, 1, 40, 1])
        #expect(accuracy.top(1) == 3.0 / 8)
        #expect(accuracy.top(2) == 4.0 / 8)
        #expect(accuracy.top(5) == 5.0 / 8)
        #expect(accuracy.top(1000) == 7.0 / 8)
        #expect(RetrievalAccuracy(ranks: []).top(1) == nil)
        #expect(RetrievalAccuracy(ranks: [nil]).top(5) == 0)
    }

    @Test("Figures as text") func figuresAsText() {
        #expect(Figure.decimal(2).text(3.14159) == "3.14")
        #expect(Figure.percent.text(0.125) == "12.5 %")
        #expect(Figure.difference(3).text(0.5) == "+0.500")
        #expect(Figure.difference(1).text(-2) == "-2.0")
        #expect(Figure.decimal(1).text(nil) == "–")
        #expect(Figure.decimal(1).text(.infinity) == "∞")
        #expect(Figure.decimal(1).text(.nan) == "–")
    }

    private var table: ResultTable {
        var table = ResultTable(
            "model",
            [.init("accuracy", "right", .percent), .init("loss", "loss | nats", .decimal(2))]
        )
        table.append(.init("text parent", [nil, 1.5]))
        table.append(.init("Cross", [0.75, .infinity]))
        return table
    }

    @Test("Table as Markdown") func tableAsMarkdown() {
        #expect(
            table.markdown == """
                | model       |  right | loss \\| nats |
                | ----------- | -----: | -----------: |
                | text parent |      – |         1.50 |
                | Cross       | 75.0 % |            ∞ |

                """
        )
    }

    @Test("Table as text") func tableAsText() {
        #expect(
            table.text == """
                model         right  loss | nats
                ───────────  ──────  ───────────
                text parent       –         1.50
                Cross        75.0 %            ∞

                """
        )
    }

    @Test("Table as JSON") func tableAsJSON() {
        #expect(
            table.json == [
                ["label": "text parent", "accuracy": .null, "loss": 1.5],
                ["label": "Cross", "accuracy": 0.75, "loss": .null],
            ]
        )
    }
}
