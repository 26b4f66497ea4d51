import Testing
import Training

@Suite struct ScheduleTests {
    @Test("The rate rises evenly, then follows half a cosine to its floor")
    func cosine() {
        let schedule = Schedule(peak: 1, warmUpSteps: 4, stepCount: 13, floor: 0.1)
        let rates = (0..<13).map { schedule.rate(after: $0) }
        #expect(Array(rates[..<4]) == [0.25, 0.5, 0.75, 1])
        #expect(rates[4] == 1)
        #expect(abs(rates[8] - 0.55) < 1e-12)
        #expect(abs(rates[12] - 0.1) < 1e-12)
        #expect(abs(schedule.rate(after: 1000) - 0.1) < 1e-12)
        #expect(zip(rates[4...], rates[5...]).allSatisfy { $0 > $1 })
    }

    @Test("A constant rate stays at its peak")
    func constant() {
        let schedule = Schedule(peak: 0.5, warmUpSteps: 2, stepCount: 10, shape: .constant)
        #expect(
            (0..<12).map { schedule.rate(after: $0) } == [0.25]
                + [Double](repeating: 0.5, count: 11)
        )
    }

    @Test("A schedule of warm-up alone, or of one step, has rates")
    func short() {
        #expect(Schedule(peak: 1, warmUpSteps: 0, stepCount: 1).rate(after: 0) == 1)
        #expect(Schedule(peak: 1, warmUpSteps: 5, stepCount: 5).rate(after: 4) == 1)
    }
}
