import Basics
import JamTesting
import Retrieving
import Testing

@Suite struct SearchTests {
    /// The whole ranking in double precision, from the vectors as they are stored.
    private func ranking(_ bank: BankReader, _ query: [Float]) -> [(index: Int, score: Double)] {
        (0..<bank.count).map { index in
            let products = zip(bank.vector(at: index), query).map { Double($0) * Double($1) }
            return (index, products.reduce(0, +))
        }.sorted { $0.score == $1.score ? $0.index < $1.index : $0.score > $1.score }
    }

    // Prevents: rows or queries at the boundaries of blocks, panels and pieces that are skipped or
    // counted twice.
    @Test(
        "The nearest are those of a search in double precision",
        arguments: [
            (1, 5, 1, 1), (97, 7, 1, 10), (1000, 24, 32, 10), (288, 16, 17, 288), (96, 33, 16, 96),
            (33_000, 8, 5, 20), (500, 12, 130, 3),
        ]
    )
    func isExact(count: Int, width: Int, queries: Int, limit: Int) throws {
        let scratch = try ScratchFolder()
        let bank = try makeBank(randomVectors(count, width, seed: 1), in: scratch)
        let asked = randomVectors(queries, width, seed: 2)
        let found = try bank.nearest(to: asked, limit: limit)
        #expect(found.count == queries)
        for (query, neighbors) in zip(asked, found) {
            let expected = ranking(bank, query)
            #expect(neighbors.count == limit)
            #expect(Set(neighbors.map(\.index)).count == limit)
            for (neighbor, reference) in zip(neighbors, expected) {
                #expect(abs(Double(neighbor.score) - reference.score) < 2e-6)
            }
            let scores = Dictionary(uniqueKeysWithValues: expected.map { ($0.index, $0.score) })
            for neighbor in neighbors {
                #expect(abs(Double(neighbor.score) - (scores[neighbor.index] ?? .nan)) < 2e-6)
            }
        }
    }

    // Prevents: an order that depends on which core was faster.
    @Test("Equal scores come in the order of the documents")
    func tiesGoByIndex() throws {
        let scratch = try ScratchFolder()
        let kinds = randomVectors(3, 8, seed: 3)
        let bank = try makeBank((0..<40_000).map { kinds[$0 % 3] }, in: scratch)
        let found = try bank.nearest(to: [kinds[1], kinds[2]], limit: 50)
        #expect(found[0].map(\.index) == (0..<50).map { 3 * $0 + 1 })
        #expect(found[1].map(\.index) == (0..<50).map { 3 * $0 + 2 })
        #expect(abs(found[0][0].score - found[0][49].score) == 0)
    }

    // Prevents: scores that depend on the other queries.
    @Test("Results do not depend on the other queries")
    func queriesAreIndependent() throws {
        let scratch = try ScratchFolder()
        let bank = try makeBank(randomVectors(700, 20, seed: 4), in: scratch)
        let asked = randomVectors(40, 20, seed: 5)
        let together = try bank.nearest(to: asked, limit: 9)
        for (query, expected) in zip(asked, together) {
            #expect(try bank.nearest(to: [query], limit: 9) == [expected])
        }
        #expect(try bank.nearest(to: [], limit: 1).isEmpty)
    }

    @Test("Invalid queries and limits are refused")
    func refusals() throws {
        let scratch = try ScratchFolder()
        let bank = try makeBank(randomVectors(3, 4, seed: 6), in: scratch)
        let query: [Float] = [1, 0, 0, 0]
        let cases: [([[Float]], Int, String)] = [
            ([query], 4, "4 documents are requested, but the bank has 3; request 1 to 3"),
            ([query], 0, "0 documents are requested, but the bank has 3; request 1 to 3"),
            ([query, [1]], 1, "query 1 has 1 numbers; 4 are expected"),
            (
                [query, [0, .nan, 0, 0]], 1,
                "query 1 has NaN, infinity or numbers that are too large"
            ),
            (
                [[.infinity, 0, 0, 0]], 1,
                "query 0 has NaN, infinity or numbers that are too large"
            ),
        ]
        for (queries, limit, message) in cases {
            let error = #expect(throws: BankError.self) {
                try bank.nearest(to: queries, limit: limit)
            }
            #expect(error?.description == message)
        }
        #expect(try bank.nearest(to: [[0, 0, 0, 0]], limit: 2)[0].map(\.index) == [0, 1])
    }

    // Prevents: a damaged embedding that is ignored, or only found by some queries.
    @Test(
        "Stored numbers that are not finite are found",
        arguments: [0x7FC0, 0x7F80, 0xFF80] as [UInt16]
    )
    func damagedVectors(bits: UInt16) throws {
        let scratch = try ScratchFolder()
        let path = try makeBank(randomVectors(30, 4, seed: 7), in: scratch).path
        var bytes = try MappedFile.contents(of: path + "/vectors.bf16")
        (bytes[20 * 8], bytes[20 * 8 + 1]) = (UInt8(bits & 0xFF), UInt8(bits >> 8))
        try AtomicFile.write(bytes, to: path + "/vectors.bf16")
        let bank = try BankReader(path)
        for query: [Float] in [[1, 0, 0, 0], [-1, 0, 0, 0], [0, 1, 0, 0]] {
            let error = #expect(throws: BankError.self) {
                try bank.nearest(to: [query], limit: 2)
            }
            #expect(error?.description.contains("has embeddings that are not finite") == true)
        }
    }
}
