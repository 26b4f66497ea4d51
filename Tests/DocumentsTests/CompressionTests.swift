import Documents
import Foundation
import Testing

/// Shards in the compressions of Python's modules and of zstandard.
@Suite struct CompressionTests {
    private static let suffixes = ["gz", "bz2", "xz", "zst"]

    @Test("A compressed archive has the documents of the plain one", arguments: suffixes)
    func readsArchives(suffix: String) throws {
        let plain = try DocumentShard(contentsOf: Fixture.url("shards/pax.tar"))
        let shard = try DocumentShard(contentsOf: Fixture.url("shards/pax.tar.\(suffix)"))
        #expect(shard.format == .webDataset)
        #expect(try shard.documents().collect() == plain.documents().collect())
    }

    @Test("Lines are whole where parts of decompressed bytes meet", arguments: suffixes)
    func readsLines(suffix: String) throws {
        let shard = try DocumentShard(contentsOf: Fixture.url("shards/lines.jsonl.\(suffix)"))
        #expect(shard.format == .jsonLines)
        let texts = try shard.documents().collect().flatMap(\.texts)
        #expect(texts == (0..<4000).map { "line \($0) 猫" })
    }

    /// As `cat a.gz b.gz` and parallel compressors make them.
    @Test("Several streams in one file are read one after the other", arguments: suffixes)
    func readsSeveralStreams(suffix: String) throws {
        let scratch = try Scratch()
        let one = try Fixture.bytes("shards/lines.jsonl.\(suffix)")
        let url = try scratch.file("a", one + one)
        #expect(try DocumentShard(contentsOf: url).documents().collect().count == 8000)
    }

    /// The format allows zeros in fours between its streams (section 2.2 of its specification).
    @Test("Padding between xz streams is passed over") func passesOverPadding() throws {
        let scratch = try Scratch()
        let one = try Fixture.bytes("shards/lines.jsonl.xz")
        let zeros = [UInt8](repeating: 0, count: 12)
        let url = try scratch.file("a", one + zeros + one + zeros)
        #expect(try DocumentShard(contentsOf: url).documents().collect().count == 8000)
        let odd = try scratch.file("b", one + zeros[..<6] + one)
        let lines = try DocumentShard(contentsOf: odd).documents()
        #expect(scratch.message { _ = try lines.collect() } == "b: other bytes follow the xz data")
    }

    @Test("What is cut off or damaged is refused, behind whole documents", arguments: suffixes)
    func refusesDamage(suffix: String) throws {
        let scratch = try Scratch()
        let whole = try Fixture.bytes("shards/pax.tar.\(suffix)")
        for place in [whole.count / 2, whole.count - 3] {
            let url = try scratch.file("cut", whole[..<place])
            let message = scratch.message {
                _ = try DocumentShard(contentsOf: url).documents().collect()
            }
            #expect(message?.contains("end too early") == true, "\(place): \(message ?? "")")
        }
        var damaged = whole
        for place in whole.count / 2..<whole.count / 2 + 8 { damaged[place] ^= 0xA5 }
        let url = try scratch.file("damaged", damaged)
        #expect(throws: ShardError.self) {
            try DocumentShard(contentsOf: url).documents().collect()
        }
        let other = try scratch.file("other", whole + Array("more".utf8))
        let lines = try DocumentShard(contentsOf: other).documents()
        let message = scratch.message { _ = try lines.collect() }
        #expect(message?.hasPrefix("other: other bytes follow the ") == true, "\(message ?? "")")
    }

    /// Prevents a small file from filling memory or the processor's day.
    @Test("Data a thousand times as large as their file are refused") func refusesBombs() throws {
        let shard = try? DocumentShard(contentsOf: Fixture.url("shards/bomb.bz2"))
        let error = #expect(throws: ShardError.self) { try shard?.documents().collect() }
        #expect(error?.description.contains("more than 1000 times as large") == true)
    }

    @Test("Whole documents of a compressed shard are copied uncompressed")
    func copiesWholeDocuments() throws {
        let scratch = try Scratch()
        let copy = scratch.url("copy.tar").path
        let path = Fixture.url("shards/pax.tar.xz").path
        let check = try ShardCheck(path, copyingTo: copy) { _ in }
        #expect(check.documents == 2 && check.isReadToEnd)
        let plain = try DocumentShard(contentsOf: Fixture.url("shards/pax.tar"))
        let copied = try DocumentShard(contentsOf: URL(filePath: copy))
        #expect(try copied.documents().collect() == plain.documents().collect())
        #expect(
            ["a.jsonl.gz", "b.TGZ", "c.tar.zst", "d.tbz2", "e.tar", ".gz"]
                .map(Compression.plainName)
                == ["a.jsonl", "b.tar", "c.tar", "d.tar", "e.tar", ".gz"]
        )
    }
}
