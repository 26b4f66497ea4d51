import Basics
import Documents
import Foundation
import JamTesting
import Retrieving
import Testing
import Training
import Vision
import Vocabulary

@Suite struct RetrievedDocumentsTests {
    private static let end = SmallSpace.space[.end]

    /// Samples "ab" and "cd", each near three of four documents.
    private static func source(limit: Int = 2, length: Int = 64) throws -> ExampleSource {
        let documents = try ["x", "yy", "zzz", "w"].map { try SmallSpace.sequence([.text($0)]) }
        return ExampleSource(
            "samples",
            try ["ab", "cd"].map { try SmallSpace.sequence([.text($0)]) },
            objective: .causal,
            retrieved: RetrievedDocuments(
                documents,
                neighbors: [[0, 1, 2], [3, 2, 0]],
                limit: limit,
                weight: 0.1,
                length: length
            )
        )
    }

    private static func stream(_ source: ExampleSource, _ count: Int) throws -> [(
        TrainingExample, Int
    )] {
        var mixture = try Mixture([source], in: SmallSpace.space, seed: 2)
        return (0..<count).map { _ in
            let (example, origin) = mixture.peek()
            mixture.skip()
            return (example, origin.document)
        }
    }

    // Prevents: retrieved documents that are learned like the sample, lack an end, or are another
    // sample's.
    @Test(
        "None, one or two retrieved documents precede a document, with a tenth of its loss weight"
    )
    func structure() throws {
        let letters: [[[Int]]] = [[[23], [24, 24], [25, 25, 25]], [[22], [25, 25, 25], [23]]]
        let samples = [[0, 1], [2, 3]]
        var counts = [0, 0, 0]
        for (example, document) in try Self.stream(Self.source(), 3000) {
            let parts = example.tokens.split(separator: Self.end, omittingEmptySubsequences: true)
                .map(Array.init)
            #expect(parts.last == samples[document])
            // The nearest of those that were drawn stands last.
            let places = parts.dropLast().map { letters[document].firstIndex(of: $0) ?? -1 }
            #expect(places == places.sorted(by: >) && Set(places).count == places.count)
            #expect(!places.contains(-1))
            #expect(example.tokens.count { $0 == Self.end } == parts.count + 1)
            let sampleStart = example.tokens.count - 3
            for (index, weight) in example.weights.enumerated().dropFirst() {
                #expect(weight == (index < sampleStart ? 0.1 : 1), "\(index)")
            }
            counts[places.count] += 1
        }
        #expect(counts.allSatisfy { (900...1100).contains($0) }, "\(counts)")
    }

    // Prevents: a sample that loses its end to its documents.
    @Test("What would make the example too long is left out")
    func length() throws {
        for (example, _) in try Self.stream(Self.source(limit: 3, length: 8), 500) {
            #expect(example.tokens.count <= 8 && example.tokens.last == Self.end)
        }
    }

    // The whole way: a bank, a recipe that names it, and what then reaches the loss.
    @Test("A recipe finds documents in a bank")
    func recipe() throws {
        let scratch = try ScratchFolder()
        let clip = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "VisionTests/Fixtures/clip/words").path
        let embedder = try CLIPEmbedder(clip)
        let words = ["a tiny hand", "the quick brown fox", "hello", "no more"]
        let known = words.map { Document([.text($0)]) }
        try BankWriter.create(
            at: scratch.file("bank"),
            width: embedder.width,
            source: embedder.source
        )
        var bank = try BankWriter(scratch.file("bank"))
        try bank.append(known, with: embedder)
        let writer = try JSONLinesWriter(to: URL(filePath: scratch.file("texts.jsonl")))
        for word in words { try writer.write(Document([.text(word)])) }
        try writer.finish()
        try BPETrainer().train(words, vocabularySize: 270, imageCodeCount: 0)
            .write(to: URL(filePath: scratch.path))
        func recipe(_ retrieve: String) throws -> LanguageModelRecipe {
            let text = """
                model: {new: {width: 32, layers: 1, heads: 2, feed_forward: 48, context: 64}}
                tokenizer: \(scratch.path)
                data:
                  - shards: [\(scratch.path)/texts.jsonl]
                    objective: causal
                    retrieve: {bank: \(scratch.path)/bank, clip: \(clip), \(retrieve)}
                schedule: {steps: 2, learning_rate: 1e-3}
                batch: {tokens_per_step: 100}
                output: \(scratch.path)/run
                """
            return try LanguageModelRecipe(contentsOf: scratch.write("r.yaml", Array(text.utf8)))
        }
        func mixture(_ retrieve: String) throws -> Mixture {
            let run = try recipe(retrieve).open()
            return try #require(run.training as? LanguageModelTraining).batcher.mixture
        }
        // With words kept, limit 1 and one candidate, each sample finds itself; at 0.9 it must not.
        let same = try mixture("documents: 1, among: 1, dropout: 0, relevance_limit: 1")
        let tokenizer = try Tokenizer(contentsOf: URL(filePath: scratch.path))
        var found = 0
        var stream = same
        for _ in 0..<40 {
            let (example, origin) = stream.peek()
            stream.skip()
            let own = tokenizer.encode(words[origin.document])
            let parts = example.tokens.split(separator: tokenizer.space[.end]).map(Array.init)
            #expect(parts == [own] || parts == [own, own])
            found += parts.count - 1
        }
        #expect((10...30).contains(found))
        let others = try mixture("documents: 1, among: 1, dropout: 0, relevance_limit: 0.999")
        var second = others
        var otherCount = 0
        for _ in 0..<40 {
            let (example, _) = second.peek()
            second.skip()
            let parts = example.tokens.split(separator: tokenizer.space[.end]).map(Array.init)
            #expect(Set(parts).count == parts.count)
            otherCount += parts.count - 1
        }
        #expect((10...30).contains(otherCount))
        #expect(throws: DataError.nothingNear(source: scratch.file("texts.jsonl"))) {
            try mixture("relevance_limit: -1")
        }
        #expect(throws: JSONFieldError.self) { try recipe("documents: 0") }
        #expect(throws: JSONFieldError.self) { try recipe("dropout: 2") }
        #expect(throws: JSONFieldError.self) { try recipe("relevance_limit: 2") }
        try FileManager.default.removeItem(atPath: scratch.file("bank"))
        #expect(throws: FileError.missing(path: scratch.file("bank") + "/bank.json")) {
            try mixture("documents: 1")
        }
    }
}
