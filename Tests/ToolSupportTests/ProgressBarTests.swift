import Testing
import ToolSupport

/// Prevents a task of unknown length from being shown as complete at the start.
@Test("Progress says what is known") func progressSaysWhatIsKnown() {
    func line(_ total: Int?, done: Int = 0, at count: Int, after seconds: Int) -> String {
        ProgressBar("reading", total: total, done: done, unit: "documents", style: .quiet)
            .line(count, "", after: .seconds(seconds))
    }
    #expect(line(nil, at: 40, after: 2) == "reading 40 documents  20 documents/s  2 s")
    #expect(line(80, at: 40, after: 2) == "reading 40/80 documents  50 %  20 documents/s  2 s left")
    #expect(
        line(80, at: 80, after: 65) == "reading 80/80 documents  100 %  1.2 documents/s  1 min 05 s"
    )
    #expect(
        line(80, done: 70, at: 75, after: 1)
            == "reading 75/80 documents  93 %  5.0 documents/s  1 s left"
    )
    #expect(line(0, at: 0, after: 0) == "reading 0/0 documents  100 %")
}
