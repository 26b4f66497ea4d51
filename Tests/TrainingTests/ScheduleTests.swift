import Testing
import Training

@Suite struct ScheduleTests {
    @Test("The learning rate rises evenly, then follows half a cosine to its floor")
    func cosine() {
        let schedule = Schedule(learningRate: 1, warmupSteps: 4, stepCount: 13, minimumRatio: 0.1)
        let multipliers = (0..<13).map { schedule.learningRate(after: $0) }
        #expect(Array(multipliers[..<4]) == [0.25, 0.5, 0.75, 1])
        #expect(multipliers[4] == 1)
        #expect(abs(multipliers[8] - 0.55) < 1e-12)
        #expect(abs(multipliers[12] - 0.1) < 1e-12)
        #expect(abs(schedule.learningRate(after: 1000) - 0.1) < 1e-12)
        #expect(zip(multipliers[4...], multipliers[5...]).allSatisfy { $0 > $1 })
    }

    @Test("A constant rate stays at its peak")
    func constant() {
        let schedule = Schedule(learningRate: 0.5, warmupSteps: 2, stepCount: 10, shape: .constant)
        #expect(
            (0..<12).map { schedule.learningRate(after: $0) } == [0.25]
                + [Double](repeating: 0.5, count: 11)
        )
    }

    @Test("A schedule of warm-up alone, or of one step, has rates")
    func short() {
        #expect(Schedule(learningRate: 1, warmupSteps: 0, stepCount: 1).learningRate(after: 0) == 1)
        #expect(Schedule(learningRate: 1, warmupSteps: 5, stepCount: 5).learningRate(after: 4) == 1)
    }
}
