import Foundation
import Jam
import JamTesting
import Testing

/// Memory banks as a package that imports the facade uses them, with the dictionary's CLIP.
@Suite struct MemoryBankTests {
    private static let clip = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "models/dictionary/clip").path

    private func shard(_ name: String, _ texts: [String], in scratch: ScratchFolder) throws
        -> String
    {
        try scratch.write(name, Array(texts.map { "{\"text\": \"\($0)\"}\n" }.joined().utf8))
        return scratch.file(name)
    }

    private func build(
        _ bank: String,
        _ shards: [String],
        _ options: MemoryBank.BuildOptions = .init()
    ) async throws -> MemoryBank.BuildProgress {
        var last: MemoryBank.BuildProgress?
        for try await progress in MemoryBank.build(
            at: bank,
            clip: Self.clip,
            shards: shards,
            options: options
        ) {
            last = progress
        }
        return try #require(last)
    }

    // Prevents: hits or counts other than those of the documents that were added.
    @Test("A bank is built, added to, searched, retrieved from and checked")
    func lifeOfABank() async throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("bank")
        let first = try shard("a.jsonl", ["a lion", " ", "a volcano"], in: scratch)
        let built = try await build(path, [first])
        #expect(built.count == 2 && built.addedCount == 2 && built.blankCount == 1)
        #expect(built.readCount == 3 && built.processedCount == 3)

        var options = MemoryBank.BuildOptions()
        (options.appends, options.skippedCount, options.limit) = (true, 1, 1)
        let second = try shard("b.jsonl", ["a cat", "a fox", "a dog"], in: scratch)
        let added = try await build(path, [second], options)
        #expect(added.count == 3 && added.addedCount == 1 && added.processedCount == 2)

        let bank = try await MemoryBank(contentsOf: path, clip: Self.clip)
        #expect(await bank.count == 3)
        let hits = try await bank.search("a fox", limit: 2)
        #expect(hits.count == 2 && hits[0].index == 2 && hits[0].similarity > 0.99)
        #expect(hits[0].document.texts == ["a fox"] && hits[0].similarity > hits[1].similarity)
        #expect(try await bank.search("a lion").map(\.index).sorted() == [0, 1, 2])

        let prompt = Document([.text("a fox", role: .user)])
        let context = try await bank.retrieve(2, for: prompt, similarityLimit: 0.95)
        #expect(!context.isEmpty && !context.contains { $0.index == 2 })
        #expect(context.retrievedDocuments == context.reversed().map(\.document))
        #expect(try await bank.retrieve(for: Document()).isEmpty)

        var checked: [Int] = []
        for try await progress in MemoryBank.check(path) { checked.append(progress.checkedCount) }
        // A reader that is slow gets the latest count only.
        #expect(checked.last == 3 && checked == checked.sorted())
    }

    // Prevents: a bank that finds other documents with a CLIP model that others use, too.
    @Test("A bank shares a CLIP model, which embeds texts and images")
    func sharesCLIP() async throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("bank")
        let shard = try shard("a.jsonl", ["a lion", "a volcano", "a cat"], in: scratch)
        _ = try await build(path, [shard])
        let clip = try await CLIPModel(contentsOf: Self.clip)
        let bank = try await MemoryBank(contentsOf: path, clip: clip)
        let alone = try await MemoryBank(contentsOf: path, clip: Self.clip)
        let hits = try await bank.search("a lion")
        #expect(try await alone.search("a lion") == hits)

        let embeddings = try await clip.embeddings(of: ["a lion", "a volcano", "a cat"])
        let width = await clip.width
        for hit in hits {
            #expect(embeddings[hit.index].vector.count == width)
            #expect(embeddings[hit.index].tokenCount > 2)
            let cosine = zip(embeddings[0].vector, embeddings[hit.index].vector)
                .reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(Double(cosine) - hit.similarity) < 1e-3)
        }
        let image = Image(width: 2, height: 2, pixels: [UInt8](repeating: 200, count: 12))
        let seen = try await clip.embeddings(of: [image])
        #expect(seen[0].tokenCount == 0 && seen[0].vector != embeddings[0].vector)
        #expect(abs(seen[0].vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
    }

    // Prevents: a build that cannot be continued after a bad document.
    @Test("The progress before an error is what the bank has")
    func continuesAfterABadDocument() async throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("bank")
        let shard = scratch.file("a.jsonl")
        try scratch.write("a.jsonl", Array("{\"text\": \"a lion\"}\n{\n".utf8))
        var last: MemoryBank.BuildProgress?
        let error = await #expect(throws: JamError.self) {
            for try await progress in MemoryBank.build(at: path, clip: Self.clip, shards: [shard]) {
                last = progress
            }
        }
        #expect(error?.kind == .malformedInput)
        #expect(last?.processedCount == 1 && last?.addedCount == 1)
        let bank = try await MemoryBank(contentsOf: path, clip: Self.clip)
        #expect(await bank.count == 1)
    }

    @Test("Mistakes are errors of the facade")
    func mistakes() async throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("bank")
        let missing = await #expect(throws: JamError.self) {
            try await MemoryBank(contentsOf: path, clip: Self.clip)
        }
        #expect(missing?.kind == .notFound)
        _ = try await build(path, [try shard("a.jsonl", ["a lion"], in: scratch)])
        let bank = try await MemoryBank(contentsOf: path, clip: Self.clip)
        let limit = await #expect(throws: JamError.self) {
            try await bank.search("a cat", limit: 2)
        }
        #expect(limit?.kind == .invalidSetting)
        #expect(
            limit?.description == "2 documents are requested, but the bank has 1; request 1 to 1"
        )
        await #expect(throws: JamError.self) { try await bank.search(" ") }
        try scratch.write("bank/documents.jsonl", Array("{\"text\": \"a lice\"}\n".utf8))
        await #expect(throws: JamError.self) { for try await _ in MemoryBank.check(path) {} }
    }

    // Prevents: a build or check that was cancelled from looking complete.
    @Test("A cancelled build throws, and what it had added stays")
    func cancelling() async throws {
        let scratch = try ScratchFolder()
        let shard = try shard("a.jsonl", (0..<3000).map { "document \($0)" }, in: scratch)
        let path = scratch.file("bank")
        let task = Task {
            for try await progress in MemoryBank.build(at: path, clip: Self.clip, shards: [shard])
            where progress.addedCount > 0 { withUnsafeCurrentTask { $0?.cancel() } }
        }
        let error = await #expect(throws: JamError.self) { try await task.value }
        #expect(error?.kind == .interrupted)
        let count = try await MemoryBank(contentsOf: path, clip: Self.clip).count
        #expect(count > 0 && count < 3000)
    }
}
