import Decoders
import Generating
import JamTesting
import Layers
import Tensors
import Testing

/// Prevents the cache from changing what a model says.
@Suite struct CachedDecodingTests {
    private let vocabularySize = 50

    private func tokens(_ count: Int, from first: Int) -> [Int] {
        (0..<count).map { (first + $0 * 7) % vocabularySize }
    }

    /// The largest difference, as a part of the largest element where that is above one.
    private func distance(_ first: Tensor, _ second: Tensor) throws -> Float {
        let (first, second) = try (first.floats(), second.floats())
        let difference = zip(first, second).map { abs($0 - $1) }.max() ?? .infinity
        return difference / max(1, second.map(abs).max() ?? 0)
    }

    /// Past the capacity that a cache begins with, twice.
    @Test("Step by step equals one pass", arguments: TinyModel.allCases)
    func stepByStepEqualsOnePass(kind: TinyModel) throws {
        let model = try kind.make(vocabularySize: vocabularySize)
        try withTorchErrors { () throws in
            try withoutGradients { () throws in
                let rows = tokens(150, from: 3) + tokens(150, from: 8)
                let all = Tensor(rows, [2, 150])
                let whole = model.logits(all)
                let cache = KeyValueCache()
                for part in [0..<40] + (40..<150).map({ $0..<$0 + 1 }) {
                    let logits = model.logits(all.narrowed(1, part), cache: cache)
                    #expect(try distance(logits, whole.narrowed(1, part)) < 1e-5)
                }
                #expect(cache.length == 150)
            }
        }
    }

    /// Rows of unequal length, one that joins later, and rows that leave.
    @Test("Rows of a batch equal rows alone", arguments: TinyModel.allCases)
    func rowsOfABatchEqualRowsAlone(kind: TinyModel) throws {
        let model = try kind.make(vocabularySize: vocabularySize)
        try withTorchErrors { () throws in
            try withoutGradients { () throws in
                var sequences = [tokens(9, from: 1), [], tokens(4, from: 5)]
                let batch = DecodingBatch(model, reading: sequences)
                func step(_ count: Int) throws {
                    for number in 0..<count {
                        let next = sequences.indices.map { ($0 * 11 + number * 5) % vocabularySize }
                        let hiddenStates = batch.hiddenStates(continuing: next)  // [R, S]
                        for row in sequences.indices {
                            sequences[row].append(next[row])
                            let alone = model.hiddenStates(
                                Tensor(sequences[row], [1, sequences[row].count]),
                                cache: nil
                            )
                            let last = alone.narrowed(
                                1,
                                sequences[row].count - 1..<sequences[row].count
                            )
                            #expect(
                                try distance(hiddenStates.narrowed(0, row..<row + 1), last) < 1e-5
                            )
                        }
                    }
                }
                try step(5)
                batch.add([tokens(12, from: 2), tokens(3, from: 9)])
                sequences += [tokens(12, from: 2), tokens(3, from: 9)]
                try step(60)
                batch.keep([4, 1, 2])
                sequences = [sequences[4], sequences[1], sequences[2]]
                try step(3)
                batch.keep([1])
                sequences = [sequences[1]]
                try step(3)
            }
        }
    }

    /// Going back and on again, to a moment within the prompt and to its end.
    @Test("A row goes back and reads on as if it had not gone on", arguments: TinyModel.allCases)
    func goingBack(kind: TinyModel) throws {
        let model = try kind.make(vocabularySize: vocabularySize)
        try withTorchErrors { () throws in
            try withoutGradients { () throws in
                // It ends within an alternative text, where there are any.
                let beginning = tokens(37, from: 3) + [TinyModel.altText(vocabularySize), 5, 6]
                let (first, second) = (tokens(30, from: 9), tokens(25, from: 31))
                let cache = KeyValueCache()
                _ = model.hiddenStates(TokenRows([beginning, tokens(17, from: 5)]), cache: cache)
                let moment = cache.checkpoint(row: 0)
                for token in first {
                    _ = model.hiddenStates(TokenRows([token, token], rows: 2), cache: cache)
                }
                #expect(cache.copy(ofRow: 0).length == 70)
                let row = cache.copy(ofRow: 0, at: moment)
                #expect(row.length == 40)
                // Room for what it has, and not for what the long row had.
                let (short, long) = (row.byteCount(ofRow: 0), cache.byteCount(ofRow: 0))
                #expect(short > 0 && short < long)
                if cache.onlyKeysAndValues { #expect(short * 70 == long * 40) }
                #expect(row.capacity <= 40)
                if cache.onlyKeysAndValues {
                    let early = cache.copy(ofRow: 0, at: .init(position: 12))
                    let next = model.hiddenStates(TokenRows([[beginning[12]]]), cache: early)
                    let there = model.hiddenStates(TokenRows([beginning]), cache: nil)
                    #expect(try distance(next, there.narrowed(1, 12..<13)) < 1e-5)
                }
                let whole = model.hiddenStates(TokenRows([beginning + second]), cache: nil)
                let roomy = cache.copy(ofRow: 0, at: moment, followedBy: second.count)
                let room = roomy.capacity
                for copy in [row, roomy] {
                    let own = model.hiddenStates(TokenRows([second]), cache: copy)
                    #expect(try distance(own, whole.narrowed(1, 40..<65)) < 1e-5)
                }
                #expect(roomy.capacity == room)
                // The row that was copied goes on by itself.
                let third = model.hiddenStates(TokenRows([second[0], 1], rows: 2), cache: cache)
                let all = model.hiddenStates(
                    TokenRows([beginning + first + [second[0]]]),
                    cache: nil
                )
                #expect(
                    try distance(third.narrowed(0, 0..<1), all.narrowed(1, 70..<71)) < 1e-5
                )
            }
        }
    }
}
