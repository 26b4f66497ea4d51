import Basics
import Foundation
import Generating
import Testing

@Suite struct SamplingTests {
    private func choose(
        _ sampling: Sampling,
        _ logits: [Float],
        among allowed: [Range<Int>],
        seed: UInt64 = 0
    ) -> Int? {
        var random = SeededGenerator(seed: seed)
        return sampling.choose(from: logits.span, among: allowed, using: &random)
    }

    @Test("Greedy takes the first highest allowed") func greedyTakesTheFirstHighestAllowed() {
        let logits: [Float] = [9, 1, 3, 3, 8]
        #expect(choose(.greedy, logits, among: [1..<4]) == 2)
        #expect(choose(.greedy, logits, among: [0..<1, 3..<5]) == 0)
        #expect(choose(.greedy, logits, among: [3..<4]) == 3)
    }

    @Test("Refuses what is not a number") func refusesWhatIsNotANumber() {
        let sampled = Sampling.sampled(temperature: 1, topP: 0.9)
        for sampling in [Sampling.greedy, sampled] {
            #expect(choose(sampling, [1, .nan, 2], among: [0..<3]) == nil)
            #expect(choose(sampling, [1, .infinity, 2], among: [0..<3]) == nil)
            #expect(choose(sampling, [-.infinity, -.infinity], among: [0..<2]) == nil)
            #expect(choose(sampling, [.nan, -.infinity, 2], among: [1..<3]) == 2)
        }
    }

    /// Prevents a token outside of the nucleus from ever being chosen, and those inside from being
    /// chosen other than in proportion.
    @Test("Draws from the nucleus in proportion") func drawsFromTheNucleusInProportion() {
        let probabilities = [0.05, 0.4, 0.1, 0.25, 0.2]
        let logits = probabilities.map { Float(log($0)) }
        var random = SeededGenerator(seed: 7)
        var counts = [0, 0, 0, 0, 0]
        for _ in 0..<20_000 {
            let token = Sampling.sampled(temperature: 1, topP: 0.8)
                .choose(from: logits.span, among: [0..<5], using: &random)
            counts[token ?? 0] += 1
        }
        // 0.4 + 0.25 < 0.8 ≤ 0.4 + 0.25 + 0.2
        for (token, expected) in [0, 0.4, 0, 0.25, 0.2].map({ $0 / 0.85 }).enumerated() {
            let deviation = (expected * (1 - expected) * 20_000).squareRoot()
            #expect(abs(Double(counts[token]) - expected * 20_000) <= 4 * deviation)
        }
    }

    /// Against the definition, computed in the plainest way.
    @Test("Equals the definition") func equalsTheDefinition() {
        var random = SeededGenerator(seed: 11)
        for round in 0..<500 {
            let logits = (0..<60).map { _ in Float(random.nextUniform() * 12) }
            let temperature = 0.2 + random.nextUniform() * 2
            let topP = 0.05 + random.nextUniform() * 0.95
            let allowed = [3..<20, 25..<26, 40..<60]
            let sampling = Sampling.sampled(temperature: temperature, topP: topP)
            var uniform = SeededGenerator(seed: UInt64(round))

            let ids = allowed.flatMap { Array($0) }
            let weights = ids.map { exp(Double(logits[$0]) / temperature) }
            let total = weights.reduce(0, +)
            var nucleus: [(Int, Double)] = []
            var mass = 0.0
            for (id, weight) in zip(ids, weights).sorted(by: { $0.1 > $1.1 })
            where mass < topP * total {
                nucleus.append((id, weight))
                mass += weight
            }
            let share = uniform.nextUniform() * mass
            var running = 0.0
            let expected = nucleus.first {
                running += $0.1
                return running > share
            }
            #expect(
                choose(sampling, logits, among: allowed, seed: UInt64(round)) == expected?.0
            )
        }
    }
}
