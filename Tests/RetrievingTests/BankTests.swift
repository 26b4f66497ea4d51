import Basics
import Documents
import Foundation
import JamTesting
import Retrieving
import Testing

@Suite struct BankTests {
    private let names = ["bank.json", "documents.jsonl", "index.u64", "vectors.bf16"]
    private let source = EmbeddingSource(name: "test", digest: "0")

    private func contents(_ path: String) throws -> [[UInt8]] {
        try names.map { try MappedFile.contents(of: path + "/" + $0) }
    }

    @Test("Documents are read as they were added, with images and roles")
    func documentsComeBack() throws {
        let scratch = try ScratchFolder()
        let image = Image(width: 2, height: 1, pixels: [1, 2, 3, 250, 251, 252])
        let documents = [
            Document([.text("a\nb \u{1F408}"), .image(image)]), Document(),
            Document([.text("What?", role: .user), .image(image, role: .assistant)]),
        ]
        let path = scratch.file("bank")
        try BankWriter.create(at: path, width: 2, source: source)
        var writer = try BankWriter(path)
        try writer.append(documents, vectors: [[3, 4], [0, -2], [1e30, 1e30]])
        let bank = try BankReader(path)
        #expect(bank.count == 3)
        #expect(bank.source == source)
        #expect(try (0..<3).map(bank.document) == documents)
        #expect(bank.vector(at: 1) == [0, -1])
        #expect(abs(bank.vector(at: 0)[1] - 0.8) < 0.002)
        // The documents are also a valid shard.
        let shard = try DocumentShard(contentsOf: URL(filePath: path + "/documents.jsonl"))
        #expect(try shard.documents().collect() == documents)
    }

    // Prevents: photos as cameras take them that a bank refuses, since it keeps them as PNG.
    @Test("A photo of 12 megapixels that PNG cannot compress is kept")
    func largePhoto() throws {
        let scratch = try ScratchFolder()
        var pixels = [UInt8](repeating: 0, count: 4000 * 3000 * 3)
        var state: UInt64 = 1
        for index in pixels.indices {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            pixels[index] = UInt8(truncatingIfNeeded: state >> 56)
        }
        let photo = Document([.image(Image(width: 4000, height: 3000, pixels: pixels))])
        let path = scratch.file("bank")
        try BankWriter.create(at: path, width: 1, source: source)
        var writer = try BankWriter(path)
        try writer.append([photo], vectors: [[1]])
        let isSame = try BankReader(path).document(at: 0) == photo
        #expect(isSame)
    }

    // Prevents: a bank that depends on the batches of its additions.
    @Test("Several additions give the bytes of one")
    func additionsJoin() throws {
        let scratch = try ScratchFolder()
        let vectors = randomVectors(20, 6, seed: 1)
        _ = try makeBank(vectors, in: scratch)
        let path = scratch.file("parts")
        try BankWriter.create(at: path, width: 6, source: source)
        for range in [0..<1, 1..<1, 1..<12] {
            var writer = try BankWriter(path)
            try writer.append(numbered(range), vectors: Array(vectors[range]))
        }
        var writer = try BankWriter(path)
        try writer.append(numbered(12..<15), vectors: Array(vectors[12..<15]))
        try writer.append(numbered(15..<20), vectors: Array(vectors[15..<20]))
        #expect(writer.count == 20)
        #expect(try contents(path) == contents(scratch.file("bank")))
    }

    // Prevents: lost or truncated documents after a crash at any point of an addition.
    @Test("After a crash complete documents are intact, and the next addition overwrites the rest")
    func survivesCrashes() throws {
        let scratch = try ScratchFolder()
        let vectors = randomVectors(5, 4, seed: 2)
        _ = try makeBank(Array(vectors[..<3]), in: scratch)
        let path = scratch.file("bank")
        let before = try contents(path)
        var writer = try BankWriter(path)
        try writer.append(numbered(3..<5), vectors: Array(vectors[3...]))
        let after = try contents(path)
        _ = consume writer

        // The three files may have reached the disk in any part: bank.json has not.
        for parts in [[0, 1, 2, 3, 4], [4, 0, 0], [1, 3, 2], [4, 4, 4], [2, 4, 1]] {
            for (place, name) in names.enumerated().dropFirst() {
                let (old, new) = (before[place].count, after[place].count)
                let end = old + (new - old) * parts[place - 1] / 4
                try scratch.write("bank/" + name, after[place][..<end])
            }
            try scratch.write("bank/bank.json", before[0])
            try scratch.write("bank/bank.json.tmp-1", after[0].prefix(9))
            try checkThree(path, vectors)
            var writer = try BankWriter(path)
            #expect(writer.count == 3)
            try writer.append(numbered(3..<5), vectors: Array(vectors[3...]))
            #expect(try contents(path) == after)
        }
        // Every length of the incomplete ends of the files.
        for place in 1...3 {
            for end in before[place].count...after[place].count {
                for other in 1...3 { try scratch.write("bank/" + names[other], before[other]) }
                try scratch.write("bank/" + names[place], after[place][..<end])
                try scratch.write("bank/bank.json", before[0])
                try checkThree(path, vectors)
            }
        }
    }

    private func checkThree(_ path: String, _ vectors: [[Float]]) throws {
        let bank = try BankReader(path)
        #expect(bank.count == 3)
        #expect(try (0..<3).map(bank.document) == numbered(0..<3))
        for (index, vector) in vectors[..<3].enumerated() {
            #expect(try bank.nearest(to: [vector], limit: 1)[0][0].index == index)
        }
    }

    @Test("A second writer is refused; a reader is not")
    func oneWriter() throws {
        let scratch = try ScratchFolder()
        let bank = try makeBank([[1, 0], [0, 1]], in: scratch)
        var writer = try BankWriter(bank.path)
        let error = #expect(throws: BankError.self) { _ = try BankWriter(bank.path) }
        #expect(
            error?.description
                == "\(bank.path): another process is adding to this bank; wait until it ends"
        )
        try writer.append(numbered(2..<3), vectors: [[1, 1]])
        #expect(bank.count == 2)
        #expect(try bank.nearest(to: [[1, 1]], limit: 2)[0].map(\.index) == [0, 1])
        #expect(try BankReader(bank.path).nearest(to: [[1, 1]], limit: 1)[0][0].index == 2)
    }

    // Prevents: one bad embedding that breaks every later search.
    @Test("Invalid embeddings are refused, and nothing is added")
    func badVectors() throws {
        let scratch = try ScratchFolder()
        let path = try makeBank([[1, 0]], in: scratch).path
        let before = try contents(path)
        let finite = "has NaN, infinity or numbers that are too large"
        let name = "the embedding of document"
        let cases: [([[Float]], String)] = [
            ([[1, 0], [.nan, 1]], "\(name) 1 \(finite)"),
            ([[1, -.infinity], [1, 1]], "\(name) 0 \(finite)"),
            ([[1, 0], [0, 0]], "\(name) 1 is zero, so it has no direction"),
            ([[1, 0], [1]], "\(name) 1 has 1 numbers; 2 are expected"),
            ([[1, 0]], "2 documents have 1 embeddings; one each is expected"),
        ]
        for (vectors, message) in cases {
            var writer = try BankWriter(path)
            let error = #expect(throws: BankError.self) {
                try writer.append(numbered(0..<2), vectors: vectors)
            }
            #expect(error?.description == message)
        }
        #expect(try contents(path) == before)
    }

    // Prevents: reading past the end of a truncated file.
    @Test("Every truncated file is refused", arguments: [1, 2, 3])
    func cutFiles(place: Int) throws {
        let scratch = try ScratchFolder()
        let path = try makeBank(randomVectors(3, 2, seed: 3), in: scratch).path
        let whole = try contents(path)[place]
        for end in 0..<whole.count {
            try scratch.write("bank/" + names[place], whole[..<end])
            #expect(throws: BankError.self) { try BankReader(path) }
            #expect(throws: BankError.self) { _ = try BankWriter(path) }
            #expect(try scratch.read("bank/" + names[place]) == Array(whole[..<end]))
        }
        let cut = path + "/" + names[place]
        let error = #expect(throws: BankError.self) { try BankReader(path) }
        #expect(
            error?.description == "\(cut): has \(whole.count - 1) bytes, and 3 documents need "
                + "\(whole.count); rebuild the bank"
        )
    }

    // Prevents: a crash on a damaged file, and changed documents.
    @Test("Every flipped bit is found")
    func damage() throws {
        let scratch = try ScratchFolder()
        let path = try makeBank(randomVectors(3, 2, seed: 4), in: scratch).path
        try BankReader(path).check()
        for name in names.dropFirst() {
            let whole = try scratch.read("bank/" + name)
            for bit in 0..<8 * whole.count {
                var bytes = whole
                bytes[bit / 8] ^= 1 << (bit % 8)
                try scratch.write("bank/" + name, bytes)
                let error = #expect(throws: BankError.self, "\(name), bit \(bit)") {
                    try BankReader(path).check()
                }
                #expect(error?.description.contains("rebuild the bank") == true)
            }
            try scratch.write("bank/" + name, whole)
        }
        let line = try scratch.read("bank/documents.jsonl")
        try scratch.write("bank/documents.jsonl", line.replacing([0x31], with: [0x37]))
        let bank = try BankReader(path)
        #expect(try bank.document(at: 0) == numbered(0..<1)[0])
        let error = #expect(throws: BankError.self) { try bank.document(at: 1) }
        #expect(
            error?.description
                == "\(path): document 1 or its embedding was changed; rebuild the bank"
        )
        try scratch.write("bank/documents.jsonl", line)
        var vectors = try scratch.read("bank/vectors.bf16")
        for bits in [[0xC0, 0x7F], [0x80, 0x7F], [0x80, 0xFF]] as [[UInt8]] {
            vectors.replaceSubrange(0..<2, with: bits)
            try scratch.write("bank/vectors.bf16", vectors)
            let bank = try BankReader(path)
            #expect(throws: BankError.self) { try bank.nearest(to: [[1, 1]], limit: 3) }
        }
    }

    @Test("The contents of bank.json are checked")
    func badHeaders() throws {
        let scratch = try ScratchFolder()
        let path = try makeBank([[1, 0]], in: scratch).path
        let good = String(decoding: try scratch.read("bank/bank.json"), as: UTF8.self)
        let spoils = [
            ("\"version\": 2", "\"version\": 3"), ("\"version\": 2", "\"version\": 1"),
            ("\"width\": 2", "\"width\": 0"), ("\"width\": 2", "\"width\": 70000"),
            ("\"count\": 1", "\"count\": -1"),
            ("\"count\": 1", "\"count\": 1099511627776"), ("\"count\": 1", "\"count\": 2"),
            ("\"count\": 1", "\"count\": 0"), ("\"count\": 1", "\"counts\": 1"),
            ("{", ""), ("\"digest\"", "\"digests\""),
        ]
        for (old, new) in spoils {
            #expect(good.contains(old))
            try scratch.write("bank/bank.json", good.replacing(old, with: new).utf8)
            let error = #expect(throws: (any Error).self) { try BankReader(path) }
            #expect(error is any UserError, "\(new)")
        }
        let old = good.replacing("\"version\": 2", with: "\"version\": 1")
        try scratch.write("bank/bank.json", old.utf8)
        let error = #expect(throws: BankError.self) { try BankReader(path) }
        #expect(
            error?.description == "\(path): was written by another version of jam "
                + "(format 1, not 2); rebuild the bank"
        )
        #expect(throws: FileError.missing(path: scratch.path + "/bank.json")) {
            try BankReader(scratch.path)
        }
        #expect(throws: FileError.missing(path: scratch.path + "/bank.json")) {
            _ = try BankWriter(scratch.path)
        }
        #expect(throws: FileError.exists(path: path)) {
            try BankWriter.create(at: path, width: 2, source: source)
        }
    }

    @Test("An empty bank can be opened, but not searched")
    func emptyBank() throws {
        let scratch = try ScratchFolder()
        try BankWriter.create(at: scratch.file("new"), width: 3, source: source)
        let bank = try BankReader(scratch.file("new"))
        #expect(bank.count == 0)
        let error = #expect(throws: BankError.self) {
            try bank.nearest(to: [[1, 0, 0]], limit: 1)
        }
        #expect(error?.description == "\(bank.path): the bank is empty; add documents to it first")
    }
}
