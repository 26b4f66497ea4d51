import Basics
import Documents
import JamTesting
import Retrieving
import Testing

@Suite struct RetrieverTests {
    // Prevents: a sample retrieved for itself, and near duplicates.
    @Test("Documents too similar to the query or to a chosen one are skipped")
    func choice() {
        let ranked = [
            Neighbor(index: 7, score: 0.99), Neighbor(index: 3, score: 0.901),
            Neighbor(index: 4, score: 0.9), Neighbor(index: 5, score: 0.8),
            Neighbor(index: 4, score: 0.8), Neighbor(index: 1, score: 0.7),
            Neighbor(index: 2, score: 0.6), Neighbor(index: 9, score: 0.5),
        ]
        // 5 is a near duplicate of 4, and 2 of 1.
        let alike: (Int, Int) -> Float = { [[4, 5], [1, 2]].contains([$0, $1]) ? 0.91 : 0.9 }
        func chosen(_ count: Int) -> [Int] {
            DocumentChoice().choose(count, of: ranked, similarity: alike).map(\.index)
        }
        #expect(chosen(0) == [])
        #expect(chosen(2) == [4, 1])
        #expect(chosen(8) == [4, 1, 9])
        let strict = DocumentChoice(limit: 0.75)
        #expect(strict.choose(9, of: ranked) { _, _ in 0 }.map(\.index) == [1, 2, 9])
        // With rounding, the similarity of equals may be above 1.
        let all = DocumentChoice(limit: 1).choose(9, of: ranked) { _, _ in 1.0001 }
        #expect(all.map(\.index) == [7, 3, 4, 5, 1, 2, 9])
    }

    private func animals(_ scratch: ScratchFolder) throws -> BankReader {
        let texts = [
            "a red cat", "a red cat", "red cat sleeps", "sleeps red cat", "a blue dog barks",
            "stones", "a cat",
        ]
        let documents = texts.map { Document([.text($0)]) }
        let embedder = WordEmbedder()
        let path = scratch.file("animals")
        try BankWriter.create(at: path, width: embedder.width, source: embedder.source)
        var writer = try BankWriter(path)
        try writer.append(documents, vectors: embedder.embeddings(of: documents))
        return try BankReader(path)
    }

    @Test("Documents are retrieved through an embedder")
    func retrieves() throws {
        let scratch = try ScratchFolder()
        let retriever = try Retriever(try animals(scratch), WordEmbedder())
        let queries = [Document([.text("a red cat")]), Document([.text("red")])]
        let found = try retriever.retrieve(2, for: queries)
        // Not the two equal to the query; of the two sleeping cats, the first.
        #expect(found[0].map(\.index) == [6, 2] || found[0].map(\.index) == [2, 6])
        #expect(found[0].allSatisfy { $0.score <= 0.9 })
        #expect(found[1].count == 2)
        #expect(try retriever.retrieve(2, for: []).isEmpty)
        let documents = try retriever.documents(found[0])
        #expect(try documents.last == retriever.bank.document(at: found[0][0].index))
        #expect(documents.count == 2)
        let blank = try retriever.retrieve(2, for: [Document([.text(" ")]), queries[0]])
        #expect(blank[0].isEmpty && blank[1] == found[0])
        #expect(throws: BankError.limit(requested: 8, count: 7)) {
            try retriever.nearest(8, to: queries)
        }
        let all = try retriever.retrieve(100, for: queries)
        #expect(Set(all[0].map(\.index)) == [2, 4, 5, 6])
    }

    @Test("A bank of another embedder is refused")
    func otherEmbedder() throws {
        let scratch = try ScratchFolder()
        let bank = try animals(scratch)
        var other = WordEmbedder()
        other.source = EmbeddingSource(name: "words", digest: "2")
        let error = #expect(throws: BankError.self) { _ = try Retriever(bank, other) }
        #expect(
            error?.description == "\(bank.path): was built with the model \"words\" (1), not with "
                + "\"words\" (2); use the model that it was built with, or rebuild the bank"
        )
    }

    @Test("A fifth of the query's words is dropped, reproducibly")
    func dropout() {
        let words = (0..<5000).map { "w\($0)" }.joined(separator: " ")
        let image = Image(width: 1, height: 1, pixels: [1, 2, 3])
        let query = Document([.text(words, role: .user), .image(image)])
        var random = SeededGenerator(seed: 3)
        var again = random
        let dropped = QueryDropout()(query, using: &random)
        #expect(dropped == QueryDropout()(query, using: &again))
        #expect(dropped != QueryDropout()(query, using: &random))
        #expect(dropped.images == [image])
        #expect(dropped.segments[0].role == .user)
        let left = dropped.texts[0].split(separator: " ").count
        #expect((3900...4100).contains(left))
        #expect(QueryDropout(rate: 0)(query, using: &random) == query)
        let word = Document([.text("cat")])
        #expect(QueryDropout(rate: 1)(word, using: &random) == word)
        #expect(QueryDropout(rate: 1)(query, using: &random) == Document([.image(image)]))
    }

    @Test("Samples of three are uniform")
    func sampling() {
        let found = (0..<5).map { Neighbor(index: $0, score: 0) }
        var random = SeededGenerator(seed: 4)
        var counts = [Int](repeating: 0, count: 5)
        for _ in 0..<5000 {
            let drawn = found.sample(3, using: &random).map(\.index)
            #expect(drawn.count == 3)
            #expect(drawn == drawn.sorted())
            for index in drawn { counts[index] += 1 }
        }
        #expect(counts.allSatisfy { (2850...3150).contains($0) })
        #expect(found.sample(9, using: &random) == found)
        #expect([Neighbor]().sample(3, using: &random).isEmpty)
    }
}
