import Basics
import Documents
import Foundation
import Testing

/// Reading that goes on after bad documents, and what is written of the whole ones.
@Suite struct ShardsReaderTests {
    private final class Remarks {
        var all: [String] = []
    }

    /// A line a document; those of no letters are bad.
    private func shard(_ scratch: Scratch, _ lines: [String]) throws -> String {
        try scratch.file("a.jsonl", (lines.joined(separator: "\n") + "\n").utf8).relativePath
    }

    private func read(_ path: String, _ limit: BadDocumentLimit) throws -> (
        texts: [String], remarks: [String]
    ) {
        let remarks = Remarks()
        let name = URL(filePath: path).deletingLastPathComponent().relativePath + "/"
        let reader = ShardsReader([path], limit: limit) {
            remarks.all.append($0.replacing(name, with: ""))
        }
        var texts: [String] = []
        while let (document, shard) = try reader.next() {
            #expect(shard == path)
            texts += document.texts
        }
        try reader.finish()
        return (texts, remarks.all)
    }

    private static let lines = [#"{"text":"a"}"#, "{", #"{"text":"b"}"#, "[]", #"{"text":"c"}"#]

    @Test("Bad documents are passed over within a limit, each named once")
    func passesOverWithinALimit() throws {
        let scratch = try Scratch()
        let path = try shard(scratch, Self.lines)
        for limit in [BadDocumentLimit.count(2), .share(0.4)] {
            let (texts, remarks) = try read(path, limit)
            #expect(texts == ["a", "b", "c"])
            #expect(
                remarks == [
                    "passed over: a.jsonl:2: not valid JSON: a key in quotes is expected at byte 1",
                    "passed over: a.jsonl:4: (top): an object is expected, found an array",
                    "2 of 5 documents were bad and are passed over",
                ]
            )
        }
    }

    @Test("One more than the limit ends the reading with a reason") func endsAtTheLimit() throws {
        let scratch = try Scratch()
        let path = try shard(scratch, Self.lines)
        #expect(
            scratch.message { _ = try read(path, .none) }
                == "a.jsonl:2: not valid JSON: a key in quotes is expected at byte 1"
        )
        #expect(
            scratch.message { _ = try read(path, .count(1)) }
                == "a.jsonl:4: (top): an object is expected, found an array; this is bad document 2, "
                + "and 1 are allowed"
        )
        #expect(
            scratch.message { _ = try read(path, .share(0.39)) }
                == "2 of 5 documents are bad (40.00 %), more than the 39 % that are allowed; each "
                + "is named above"
        )
    }

    /// Prevents a run from losing the rest of an archive that is cut off.
    @Test("A bad archive ends the reading at any limit") func aBadArchiveEndsTheReading() throws {
        let scratch = try Scratch()
        let bytes = Member("a.txt").bytes + Member("b.txt").bytes.dropLast(512)
        let url = try scratch.file("a.tar", bytes)
        #expect(
            scratch.message { _ = try read(url.relativePath, .count(1000)) }
                == "a.tar:b.txt: the archive is truncated: 1 bytes are expected, 0 are left"
        )
    }

    /// Prevents a part of an archive from passing as all of it, and lines without their images.
    @Test("A copy of what cannot be read to its end says so") func copiesWithAWord() throws {
        let scratch = try Scratch()
        var broken = Member("b.txt").bytes
        broken[0] ^= 1
        let url = try scratch.file("a.tar", Member("a.txt").bytes + Member("c.txt").bytes + broken)
        let check = try ShardCheck(
            url.relativePath,
            copyingTo: scratch.url("copy.tar").relativePath
        ) { _ in }
        #expect(!check.isReadToEnd && check.documents == 1)
        #expect(check.json.text().contains("\"is_read_to_end\":false"))
        let empty = try scratch.file("empty.tar", [])
        let none = try ShardCheck(empty.relativePath) { _ in }
        #expect(!none.isReadToEnd && none.problems.count == 1)

        _ = try scratch.file("rgb.png", try Fixture.bytes("images/rgb.png"))
        let line = #"{"segments":[{"type":"image","image":"rgb.png"}]}"#
        let lines = try scratch.file("a.jsonl", line.utf8)
        #expect(try ShardCheck(lines.relativePath) { _ in }.images == 1)
        #expect(throws: CopyError.self) {
            _ = try ShardCheck(
                lines.relativePath,
                copyingTo: scratch.url("copy.jsonl").relativePath
            ) { _ in }
        }
        #expect(!(try scratch.names.contains("copy.jsonl")))
    }

    @Test("A limit is a count or a share") func limits() {
        #expect(BadDocumentLimit(0) == .count(0))
        #expect(BadDocumentLimit(3) == .count(3))
        #expect(BadDocumentLimit(0.001) == .share(0.001))
        for number in [-1, 1.5, .nan, .infinity] { #expect(BadDocumentLimit(number) == nil) }
    }

    @Test("Whole documents are copied byte for byte") func copiesWholeDocuments() throws {
        let scratch = try Scratch()
        let lines = try shard(scratch, Self.lines)
        let copy = scratch.url("copy.jsonl").relativePath
        let check = try ShardCheck(
            lines,
            copyingTo: copy
        ) { _ in }
        #expect(check.documents == 3 && check.problems.count == 2)
        let whole = [0, 2, 4].map { Self.lines[$0] + "\n" }.joined()
        #expect(try String(contentsOfFile: copy, encoding: .utf8) == whole)

        let long = Member("x", type: "x", body: Array("22 path=long/name.txt\n".utf8))
        let members = [
            Member("README"), Member("a.txt", body: [0xFF]), Member("b.txt", body: [0x62]),
            Member("._b.cls"), Member("b.cls"), long, Member("c.txt", body: [0x63]),
        ]
        let url = try scratch.file("a.tar", members.flatMap(\.bytes) + Member.end)
        let tar = scratch.url("copy.tar").relativePath
        let archive = try ShardCheck(url.relativePath, copyingTo: tar) { _ in }
        #expect(archive.documents == 2 && archive.problems.count == 1)
        #expect(archive.leftAlone.counts.map(\.kind) == [".cls", "hidden", "no sample"])
        let kept = [2, 4, 5, 6].flatMap { members[$0].bytes } + Member.end
        #expect(Array(try Data(contentsOf: URL(filePath: tar))) == kept)
    }
}
