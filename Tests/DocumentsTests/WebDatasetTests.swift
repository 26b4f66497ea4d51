import Basics
import Documents
import Foundation
import Testing

@Suite struct WebDatasetTests {
    @Test("Reads what Python writes") func readsWhatPythonWrites() throws {
        let rgb = try Fixture.image("rgb.png")
        let jpeg = try Fixture.image("rgb.jpg")
        let pax = try DocumentShard(contentsOf: Fixture.url("shards/pax.tar"))
        #expect(pax.format == .webDataset)
        #expect(
            try pax.documents().collect() == [
                Document([.text("a café"), .image(rgb)]),
                Document([
                    .text("What is this? — 猫", role: .user), .image(rgb, role: .user),
                    .text("A cat.", role: .assistant), .image(jpeg, role: .assistant),
                ]),
            ]
        )
        let gnu = try DocumentShard(contentsOf: Fixture.url("shards/gnu.tar"))
        #expect(
            try gnu.documents().collect() == [
                Document([.text("text alone")]),
                Document([.text("with metadata"), .image(jpeg)]),
            ]
        )
    }

    /// Prevents archives that only our own reader understands.
    @Test("Writes what Python writes") func writesWhatPythonWrites() throws {
        let scratch = try Scratch()
        var writer = try WebDatasetWriter(to: scratch.url("a.tar"))
        try writer.write(Document([.text("one")]))
        try writer.write(Document([.text("hé", role: .user)]))
        try writer.finish()
        let written = Array(try Data(contentsOf: scratch.url("a.tar")))
        let golden = try Fixture.bytes("shards/written.tar")
        #expect(golden.starts(with: written))
        #expect(golden.dropFirst(written.count).allSatisfy { $0 == 0 })
    }

    @Test("Reads what it writes") func readsWhatItWrites() throws {
        let scratch = try Scratch()
        let image = Image.sample()
        let documents = [
            Document([.text("caption"), .image(image)]), Document([.image(image)]),
            JSONLinesTests.conversation, Document([.image(image), .text("after")]), Document(),
        ]
        var writer = try WebDatasetWriter(to: scratch.url("a.tar"))
        for document in documents { try writer.write(document) }
        #expect(!FileManager.default.fileExists(atPath: scratch.url("a.tar").path))
        try writer.finish()
        #expect(try scratch.names == ["a.tar"])
        let shard = try DocumentShard(contentsOf: scratch.url("a.tar"))
        #expect(try shard.documents().collect() == documents)
    }

    /// Prevents a half-copied shard from passing as a smaller one.
    @Test("Refuses archives that are cut off") func refusesArchivesThatAreCutOff() throws {
        let scratch = try Scratch()
        let whole = try Fixture.bytes("shards/gnu.tar")
        let used = (whole.lastIndex { $0 != 0 } ?? 0) / 512 * 512 + 512
        for length in stride(from: 1, to: used + 1024, by: 211) {
            let url = try scratch.file("cut.tar", whole[..<length])
            #expect(throws: ShardError.self, "\(length) bytes") {
                try DocumentShard(contentsOf: url).documents().collect()
            }
        }
        let url = try scratch.file("whole.tar", whole[..<(used + 1024)])
        #expect(try DocumentShard(contentsOf: url).documents().collect().count == 2)
    }

    static let hostile: [(members: [Member], message: String)] = [
        ([Member("../up.txt")], "../up.txt: the name leads out of the archive"),
        ([Member("a/../../up.txt")], "a/../../up.txt: the name leads out of the archive"),
        ([Member("/etc/a.txt")], "/etc/a.txt: the name leads out of the archive"),
        ([Member("a.txt", type: "S")], "a.txt: files are expected, found a sparse file"),
        (
            [Member("a.txt", type: "M")],
            "a.txt: files are expected, found the rest of a file of another archive"
        ),
        (
            [Member("a.txt", size: "77777777777\0")],
            "a.txt: the archive is truncated: 8589934591 bytes are expected, 1536 are left"
        ),
        ([Member("a.txt", size: "-0000000001\0")], " the header's size is not a number at byte 0"),
        ([Member("a.txt", size: "           \0")], " the header's size is not a number at byte 0"),
        ([Member("a.txt"), Member("a.txt")], "a: duplicate member .txt"),
        (
            [Member("a.txt"), Member("b.txt"), Member("a.png")],
            "a: the members of a sample are not adjacent"
        ),
        (
            [Member("a.json", body: Array(#"{"url": "b", "sha": 1}"#.utf8))],
            "a: a caption, an image or a .json with \"segments\" is expected, found a .json with "
                + "\"url\", \"sha\""
        ),
        (
            [Member("a.json", body: Array("[1]".utf8))],
            "a: .json is an array; an object is expected"
        ),
        (
            [Member("a.json", body: Array(#"{"text": "b", "caption": "c"}"#.utf8))],
            "a: .json has a \"text\" and another \"caption\"; one is expected"
        ),
        (
            [Member("a.json", body: Array(#"{"caption": ["b", "c"]}"#.utf8)), Member("a.png")],
            "a: .json: caption: a string is expected, found an array"
        ),
        ([Member("a.1.txt"), Member("a.2.txt")], "a: one .txt is expected, found .1.txt, .2.txt"),
        (
            [Member("a.heic", body: Array("\0\0\0\u{18}ftypheic".utf8)), Member("a.txt")],
            "a.heic is not an image: expected PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF, found a HEIC image"
        ),
        ([Member("a.txt", body: [0xFF])], "a: .txt is not UTF-8"),
        ([Member("a.txt", body: [0x61, 0])], "a: .txt contains a NUL"),
        (
            [Member("a.png", body: Array("<svg".utf8))],
            "a.png is not an image: expected PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF, found an SVG drawing"
        ),
        (
            [Member("a.0.png"), Member("a.1.png")],
            "a: one image is expected, found .0.png, .1.png; name their order in a .json"
        ),
        (
            [Member("a.json", body: Array("{\"segments\":".utf8))],
            "a.json: not valid JSON: the text ends where a value is expected at byte 12"
        ),
        (
            [
                Member(
                    "a.json",
                    body: Array(#"{"segments":[{"type":"image","image":"0.png"}]}"#.utf8)
                )
            ],
            "a.json: segments[0].image: there is no image \"0.png\"; the sample has none"
        ),
        (
            [Member("x", type: "x", body: Array("9 path=\n".utf8)), Member("a.txt")],
            "x: the extended header is malformed"
        ),
        (
            [Member("x", type: "x", body: Array("18 path=../up.txt\n".utf8)), Member("a.txt")],
            "../up.txt: the name leads out of the archive"
        ),
        (
            [
                Member("x", type: "x", body: Array("28 size=9223372036854775807\n".utf8)),
                Member("a.txt"),
            ],
            "a.txt: the archive is truncated: 9223372036854775807 bytes are expected, 1536 are left"
        ),
        (
            [Member("x", type: "L", size: "00000200001\0"), Member("a.txt")],
            "x: a record of 65537 bytes is too long; at most 65536 are supported"
        ),
    ]

    @Test("Says what is wrong in which member") func saysWhatIsWrongInWhichMember() throws {
        let scratch = try Scratch()
        for (members, message) in Self.hostile {
            let url = try scratch.file("bad.tar", members.flatMap(\.bytes) + Member.end)
            let found = scratch.message {
                _ = try DocumentShard(contentsOf: url).documents().collect()
            }
            #expect(found == "bad.tar:\(message)")
        }
        #expect(try scratch.names == ["bad.tar"])
    }

    @Test("Goes on after a bad sample") func goesOnAfterABadSample() throws {
        let scratch = try Scratch()
        let members = [
            Member("a.txt", body: [0xFF]), Member("b.txt", body: [0x62]),
            Member("c.txt", type: "S"),
        ]
        let url = try scratch.file("some.tar", members.flatMap(\.bytes) + Member.end)
        let documents = try DocumentShard(contentsOf: url).documents()
        let bad = #expect(throws: ShardError.self) { try documents.next() }
        #expect(bad?.scope == .document)
        // A sample may go on after what cannot be read, so the one before it is not returned.
        for _ in 0..<2 {
            let worse = #expect(throws: ShardError.self) { try documents.next() }
            #expect(worse?.scope == .shard)
        }
    }

    /// What webdataset passes over is passed over, and nothing is lost without a word.
    @Test("Reads archives as people have them") func readsArchivesAsPeopleHaveThem() throws {
        let rgb = try Fixture.image("rgb.png")
        let shard = try DocumentShard(contentsOf: Fixture.url("shards/foreign.tar"))
        let iterator = try shard.documents()
        let documents = try iterator.collect()
        #expect(
            documents == [
                Document([.text("a mark before it"), .image(rgb)]),
                Document([.text("one and a half"), .image(rgb)]),
                Document([.text("in the metadata"), .image(rgb)]),
                Document([.text("a caption"), .image(rgb)]),
                Document([.text("last")]),
            ]
        )
        #expect(
            iterator.leftAlone.summary
                == "4 × hidden (._0.png), 2 × no sample (README), 1 × .cls, 1 × .npy, "
                + "1 × a hard link (hard.txt), 1 × a pipe (pipe.txt), 1 × a symbolic link (link.txt)"
        )
        let samples = try JSONDecoder().decode(
            [Sample].self,
            from: try Data(contentsOf: Fixture.url("shards/foreign.json"))
        )
        // To webdataset a Mac's hidden file in a folder is a sample of its own, and the array is, too.
        #expect(samples.count == documents.count + 2)
        #expect(samples.map(\.key).contains("__MACOSX/") && samples.map(\.key).contains("4"))
    }

    /// What webdataset reads as a sample.
    private struct Sample: Decodable {
        let key: String
    }

    /// Prevents data of others from being refused, or changed, for what means nothing.
    @Test("Passes over what means nothing in an archive") func passesOverWhatMeansNothing() throws {
        let scratch = try Scratch()
        let records = Array("26 LIBARCHIVE.xattr.a=\u{1}\u{2}b\n".utf8)
        let members = [
            // Links and folders have no bytes, whatever their size says.
            Member("a.txt", type: "2", size: "00000002000\0", body: []),
            Member("././@LongLink", type: "K"),
            Member("b", type: "1", size: "00000001000\0", body: []),
            Member("part", type: "5", size: "00000001000\0", body: []),
            Member("label", type: "V"), Member("x", type: "x", body: records),
            Member("c.txt", body: [0x63]), Member("Thumbs.db"), Member("d.txt", body: [0x64]),
            Member("d.text.bak"), Member("e.caption", body: [0x65]), Member("e.txt", body: [0x66]),
            Member("f.txt", body: [0x67]), Member("f.json", body: Array("[1]".utf8)),
            Member("g.box.json", body: Array("[2]".utf8)), Member("g.txt", body: [0x68]),
            Member("h.a.json", body: [0x7B]), Member("h.b.json"), Member("h.txt", body: [0x69]),
            Member("Thumbs.db"), Member("long.\u{1B}[31m"),
        ]
        let url = try scratch.file("a.tar", members.flatMap(\.bytes) + Member.end)
        let documents = try DocumentShard(contentsOf: url).documents()
        #expect(
            try documents.collect() == ["c", "d", "f", "g", "h", "i"].map { Document([.text($0)]) }
        )
        #expect(
            documents.leftAlone.counts.map(\.kind) == [
                ".json", ".db", ".bak", ".caption", "a hard link", "a label of the archive",
                "a symbolic link", "other suffixes",
            ]
        )
    }

    /// Prevents a picture from being left out without a word, and special tokens from losing theirs.
    @Test("Counts images that a document does not name, and keeps what its text says")
    func countsImagesThatAreNotNamed() throws {
        let scratch = try Scratch()
        let json = #"{"segments":[{"type":"text","text":"a"}]}"#
        let text = #"{"text":"<eos>b","parse_special_tokens":true}"#
        let members = [
            Member("a.json", body: Array(json.utf8)), Member("a.0.png"),
            Member("b.json", body: Array(text.utf8)),
        ]
        let url = try scratch.file("a.tar", members.flatMap(\.bytes) + Member.end)
        let documents = try DocumentShard(contentsOf: url).documents()
        var special = Segment.text("<eos>b")
        special.parsesSpecialTokens = true
        #expect(try documents.collect() == [Document([.text("a")]), Document([special])])
        #expect(documents.leftAlone.summary == "1 × .png")
    }

    @Test("Tells names apart that are not UTF-8") func tellsNamesApart() throws {
        let scratch = try Scratch()
        func member(_ byte: UInt8, _ body: UInt8) -> [UInt8] {
            var bytes = Member("?.txt", body: [body]).bytes
            bytes[0] = byte
            // The checksum counts the name.
            let sum =
                bytes[..<148].reduce(0) { $0 + Int($1) }
                + bytes[156..<512].reduce(8 * 0x20) { $0 + Int($1) }
            let digits = String(sum, radix: 8)
            let text = String(repeating: "0", count: 6 - digits.count) + digits
            bytes.replaceSubrange(148..<154, with: text.utf8)
            return bytes
        }
        let url = try scratch.file("a.tar", member(0xE9, 0x61) + member(0xE8, 0x62) + Member.end)
        #expect(
            try DocumentShard(contentsOf: url).documents().collect()
                == ["a", "b"].map { Document([.text($0)]) }
        )
    }

    /// Prevents archives of old programs, which sum a name's bytes as signed numbers, from being
    /// refused.
    @Test("Takes checksums of signed bytes") func takesChecksumsOfSignedBytes() throws {
        let scratch = try Scratch()
        var block = Member("aé.txt").bytes
        let sum =
            block[..<148].reduce(0) { $0 + Int(Int8(bitPattern: $1)) }
            + block[156..<512].reduce(8 * 0x20) { $0 + Int(Int8(bitPattern: $1)) }
        let digits = String(sum, radix: 8)
        let field = String(repeating: "0", count: 6 - digits.count) + digits + "\0 "
        #expect(!block[148..<156].elementsEqual(field.utf8))
        block.replaceSubrange(148..<156, with: field.utf8)
        let url = try scratch.file("old.tar", block + Member.end)
        #expect(try DocumentShard(contentsOf: url).documents().collect().count == 1)
    }

    @Test("Refuses wrong checksums and trailing bytes") func refusesWrongChecksumsAndTrailingBytes()
        throws
    {
        let scratch = try Scratch()
        var second = Member("b.txt").bytes
        second[0] ^= 1
        let wrong = try scratch.file("wrong.tar", Member("a.txt").bytes + second + Member.end)
        #expect(
            scratch.message { _ = try DocumentShard(contentsOf: wrong).documents().collect() }
                == "wrong.tar: the header's checksum is wrong at byte 1024"
        )
        let once = Member("a.txt").bytes + Member.end
        let twice = try scratch.file("twice.tar", once + once)
        #expect(
            scratch.message { _ = try DocumentShard(contentsOf: twice).documents().collect() }
                == "twice.tar: bytes follow the end marker; concatenated archives are not supported"
        )
    }
}

/// A member of an archive, any field of which may be wrong.
struct Member {
    let bytes: [UInt8]

    static let end = [UInt8](repeating: 0, count: 1024)

    init(_ name: String, type: Character = "0", size: String? = nil, body: [UInt8] = [0x61]) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, _ offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        func octal(_ number: Int, _ digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text + "\0"
        }
        put(name, 0)
        put(size ?? octal(body.count, 11), 124)
        put("        \(type)", 148)
        put("ustar\u{0}00", 257)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6) + " ", 148)
        bytes = header + body + [UInt8](repeating: 0, count: (512 - body.count % 512) % 512)
    }
}
