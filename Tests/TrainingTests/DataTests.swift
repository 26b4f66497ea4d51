import Basics
import Testing
import Training
import Vocabulary

@Suite struct DataTests {
    @Test(
        "A keyed permutation has every element once, and differs by epoch",
        arguments: [1, 2, 3, 100, 1025]
    )
    func permutation(count: Int) {
        let first = KeyedPermutation(count: count, seed: 5, epoch: 0)
        let second = KeyedPermutation(count: count, seed: 5, epoch: 1)
        #expect(Set((0..<count).map { first[$0] }) == Set(0..<count))
        #expect(Set((0..<count).map { second[$0] }) == Set(0..<count))
        if count > 50 { #expect((0..<count).contains { first[$0] != second[$0] }) }
    }

    @Test("Sources give their shares at every moment, each epoch all documents")
    func shares() throws {
        var mixture = try Self.mixture()
        var counts = [0, 0]
        var seen: [Int: Int] = [:]
        for index in 1...400 {
            let (_, origin) = mixture.peek()
            mixture.skip()
            counts[origin.source] += 1
            if origin.source == 1 { seen[origin.document, default: 0] += 1 }
            #expect(abs(Double(counts[0]) - 0.75 * Double(index)) < 1)
        }
        #expect(seen.values.allSatisfy { $0 == 100 / 20 })
    }

    // Prevents: a resumed run that repeats or skips documents.
    @Test("A moved mixture continues like the original")
    func move() throws {
        let sizes = BatchSizes(tokensPerStep: 300, microBatchTokens: 100, contextLength: 64)
        var whole = Batcher(try Self.mixture(), sizes)
        for _ in 0..<7 { _ = whole.nextStep(padding: 42) }
        var moved = try Self.mixture()
        try moved.move(to: whole.mixture.position)
        var other = Batcher(moved, sizes)
        for _ in 0..<20 { #expect(other.nextStep(padding: 42) == whole.nextStep(padding: 42)) }
    }

    @Test("Rows are padded on the right, and targets without a loss weight left out")
    func batch() {
        let examples = [
            TrainingExample(tokens: [7, 1, 2, 3], weights: [0, 1, 0, 0.5]),
            TrainingExample(tokens: [7, 4], weights: [0, 1]),
        ]
        let batch = Batch(examples, padding: 9)
        #expect(batch.tokens == [7, 1, 2, 7, 9, 9])
        #expect(batch.positions == [0, 2, 3])
        #expect(batch.targets == [1, 3, 4])
        #expect(batch.weights == [1, 0.5, 1])
        #expect(batch.realTokenCount == 4)
    }

    @Test("Steps and micro-batches keep within their tokens, with little padding")
    func budgets() throws {
        let sizes = BatchSizes(tokensPerStep: 2000, microBatchTokens: 500, contextLength: 40)
        var batcher = Batcher(try Self.mixture(lengths: 5...60), sizes)
        var padding = 0.0
        for _ in 0..<50 {
            let data = batcher.nextStep(padding: 42)
            #expect(data.realTokenCount <= 2000 && data.realTokenCount > 1900)
            #expect(data.batches.allSatisfy { $0.rowCount * $0.width <= 500 && $0.width <= 40 })
            padding += data.paddingShare / 50
        }
        #expect(padding < 0.1)
    }

    @Test("Data that cannot be trained on is named")
    func errors() throws {
        let sequence = try SmallSpace.sequence([.text("abc")])
        func message(_ sources: [ExampleSource]) -> String {
            do {
                _ = try Mixture(sources, in: SmallSpace.space, seed: 1)
                return "no error"
            } catch {
                return error.description
            }
        }
        #expect(message([]) == "there is no data to train on; name at least one source")
        #expect(
            message([ExampleSource("a", [], objective: .causal)]) == "a: there are no documents"
        )
        #expect(
            message([ExampleSource("a", [sequence], objective: .causal, weight: 0)])
                == "a: the weight is 0.0; a number above zero is expected"
        )
        #expect(
            message([ExampleSource("a", [sequence], objective: .instruct(InstructOptions()))])
                == "a: document 1 has nothing that its objective trains on; \"instruct\" needs "
                + "conversations in which the assistant speaks"
        )
    }

    static func mixture(lengths: ClosedRange<Int> = 10...60) throws -> Mixture {
        var generator = SeededGenerator(seed: 11)
        func sequences(_ count: Int) throws -> [TokenSequence] {
            try (0..<count).map { _ in
                try SmallSpace.sequence([
                    .text(SmallSpace.randomText(lengths, using: &generator)), .image(1),
                ])
            }
        }
        return try Mixture(
            [
                ExampleSource("many", try sequences(60), objective: .cm3(CM3Options())),
                ExampleSource("few", try sequences(20), objective: .causal),
            ],
            in: SmallSpace.space,
            seed: 3
        )
    }
}
