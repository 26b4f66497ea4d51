import Basics
import Documents
import Foundation
import JamTesting
import Testing

@Suite struct JSONLinesTests {
    static let conversation = Document([
        .text("Be brief.", role: .system),
        .text("What is this? <b>\u{1F408}</b>\n", role: .user),
        .image(.sample(), role: .user),
        .text("A cat.", role: .assistant),
        .image(.sample(seed: 9), role: .assistant),
    ])

    @Test("Reads what it writes") func readsWhatItWrites() throws {
        let scratch = try Scratch()
        let documents = [
            Document([.text("plain")]), Self.conversation,
            Document([.image(.sample()), .text("loose"), .text("spoken", role: .user)]),
            Document(),
        ]
        let writer = try JSONLinesWriter(to: scratch.url("all.jsonl"))
        for document in documents { try writer.write(document) }
        try writer.finish()
        let shard = try DocumentShard(contentsOf: scratch.url("all.jsonl"))
        #expect(shard.format == .jsonLines)
        #expect(try shard.documents().collect() == documents)
        #expect(try shard.documents().collect(limit: 2).count == 2)
    }

    /// Prevents a crashed run from leaving an incomplete file at the final path.
    @Test("Leaves nothing behind without finish") func leavesNothingBehindWithoutFinish() throws {
        let scratch = try Scratch()
        do {
            let writer = try JSONLinesWriter(to: scratch.url("half.jsonl"))
            try writer.write(Self.conversation)
            #expect(try scratch.names.count == 1)
            #expect(!FileManager.default.fileExists(atPath: scratch.url("half.jsonl").path))
        }
        #expect(try scratch.names == [])
        #expect(throws: FileError.self) {
            _ = try JSONLinesWriter(to: scratch.url("no/such.jsonl"))
        }
    }

    @Test("Reads images beside the file") func readsImagesBesideTheFile() throws {
        let scratch = try Scratch()
        let png = try Fixture.bytes("images/rgb.png")
        _ = try scratch.file("cat.png", png)
        let line = """
            {"id":7,"messages":[{"role":"user","content":[{"type":"image","path":"cat.png"},\
            {"type":"text","text":"?"}]},{"role":"assistant","content":"A cat."}]}\r\n
            """
        let url = try scratch.file("talk.jsonl", line.utf8)
        let documents = try DocumentShard(contentsOf: url).documents().collect()
        let image = try Image(decoding: png)
        #expect(
            documents == [
                Document([
                    .image(image, role: .user), .text("?", role: .user),
                    .text("A cat.", role: .assistant),
                ])
            ]
        )
    }

    /// Prevents a run from ending for what means nothing.
    @Test("Passes over what means nothing") func passesOverWhatMeansNothing() throws {
        let scratch = try Scratch()
        let lines = [
            "\u{FEFF}" + #"{"text":"a","score":NaN,"low":-Infinity,"high":[Infinity]}"#, "", " \r",
            #"{"text":"b","messages":null,"segments":null}"#,
            #"{"messages":[{"role":"user","name":"Ann","tool_calls":null,"weight":1,"content":["#
                + #"{"type":"text","text":"c","image":null,"image_url":null}]}]}"#,
            "\t",
        ]
        let url = try scratch.file("a.jsonl", lines.joined(separator: "\n").utf8)
        #expect(
            try DocumentShard(contentsOf: url).documents().collect() == [
                Document([.text("a")]), Document([.text("b")]),
                Document([.text("c", role: .user)]),
            ]
        )
        let utf16 = try scratch.file("b.jsonl", [0xFF, 0xFE, 0x7B, 0])
        #expect(
            scratch.message { _ = try DocumentShard(contentsOf: utf16).documents().collect() }
                == "b.jsonl:1: not valid JSON: UTF-8 is expected, found UTF-16 at byte 0"
        )
    }

    /// Prevents answers of weight 0, as in OpenAI's files, that are refused, learned, or lost in a copy.
    @Test("A weight of 0 is kept") func aWeightOfZeroIsKept() throws {
        let line =
            #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","weight":0},"#
            + #"{"role":"assistant","content":"c"},{"role":"user","content":"d"}]}"#
        let scratch = try Scratch()
        let url = try scratch.file("a.jsonl", line.utf8)
        let documents = try DocumentShard(contentsOf: url).documents().collect()
        #expect(documents.map { $0.segments.map(\.isLearned) } == [[true, false, true, true]])
        #expect(documents[0].lineJSON.text() == line)
        #expect(try Document(jsonString: documents[0].jsonString) == documents[0])
        let coded = try JSONEncoder().encode(documents[0].segments)
        #expect(try JSONDecoder().decode([Segment].self, from: coded) == documents[0].segments)
    }

    /// Prevents that what jam itself writes for people is not read.
    @Test("A file of one document may have many lines") func indented() throws {
        let scratch = try ScratchFolder()
        let document = Document([.text("a\nb"), .text("c", role: .user)])
        for (text, isOne) in [
            (document.lineJSON.text(.indented), true), ("{\n}\n{\"text\":\"a\"}", false),
        ] {
            try scratch.write("one.json", Array(text.utf8))
            let shard = try DocumentShard(contentsOf: URL(filePath: scratch.file("one.json")))
            let found = try? shard.documents().collect()
            #expect(found == (isOne ? [document] : nil))
        }
        // A first line that is torn costs one document.
        let lines = ["{", #"{"text":"a"}"#, #"{"text":"b","file_name":"b.py","images":[]}"#]
        try scratch.write("torn.jsonl", Array(lines.joined(separator: "\n").utf8))
        let torn = try DocumentShard(contentsOf: URL(filePath: scratch.file("torn.jsonl")))
            .documents()
        #expect(throws: ShardError.self) { try torn.next() }
        #expect(try torn.collect().map(\.text) == ["a", "b"])
    }

    static let malformed: [(line: String, message: String)] = [
        ("{", "not valid JSON: a key in quotes is expected at byte 1"),
        ("[1]", "(top): an object is expected, found an array"),
        (
            "{\"text\":\"\u{0}\"}",
            "not valid JSON: a control character in a string at byte 9"
        ),
        (#"{"text":"a\u0000b"}"#, "text: the text contains a NUL"),
        (#"{"text":"\ud800"}"#, "not valid JSON: a lone surrogate at byte 15"),
        (
            #"{"text":NaN}"#,
            #"one of "text", "messages" or "segments" is expected, found none; "#
                + "jam data convert reads files of other programs"
        ),
        (
            #"{"messages":[{"role":"assistant","content":"a","weight":0.5}]}"#,
            "messages[0].weight: 0 or 1 is expected, found 0.5"
        ),
        (#"{"text":7}"#, "text: a string is expected, found the integer 7"),
        (
            #"{"images":["cat.png"],"messages":[]}"#,
            #""images" beside "messages" is of another program's format, and its images would be "#
                + "missing; jam data convert reads it"
        ),
        (
            #"{"file_name":"cat.png","text":"a cat"}"#,
            #""file_name" beside "text" is of another program's format, and its images would be "#
                + "missing; jam data convert reads it"
        ),
        (
            #"{"text":"a","segments":[]}"#,
            #"one of "text", "messages" or "segments" is expected, found text and segments"#
        ),
        (
            #"{"messages":[{"role":"robot","content":"a"}]}"#,
            #"messages[0].role: "robot" is not known; known are "system", "user", "assistant""#
        ),
        (#"{"messages":[{"role":"user"}]}"#, "messages[0].content: is missing"),
        (
            #"{"messages":[{"role":"user","content":"a","nmae":"b"}]}"#,
            "messages[0].nmae: is not known; did you mean \"name\"?"
        ),
        (
            #"{"segments":[{"type":"sound"}]}"#,
            #"segments[0].type: "sound" is not known; known are "text", "image""#
        ),
        (
            #"{"segments":[{"type":"image"}]}"#,
            #"segments[0].type: an image has one of "image", "path", "url" or "png", found none"#
        ),
        (
            #"{"segments":[{"type":"image","url":"https://example.org/a.png"}]}"#,
            "segments[0].url: a data URL such as data:image/png;base64,… is expected; "
                + "images on the network are not fetched"
        ),
        (#"{"segments":[{"type":"image","png":"*"}]}"#, "segments[0].png: the text is not base64"),
        (
            #"{"segments":[{"type":"image","path":"../secret.png"}]}"#,
            #"segments[0].path: "../secret.png" leads out of the folder; name a file inside it"#
        ),
        (
            #"{"segments":[{"type":"image","path":"/etc/passwd"}]}"#,
            #"segments[0].path: "/etc/passwd" leads out of the folder; name a file inside it"#
        ),
        (
            #"{"segments":[{"type":"image","path":"gone.png"}]}"#,
            #"there is no image "gone.png" in the folder"#
        ),
        (
            #"{"segments":[{"type":"image","url":"data:image/png;base64,PHN2Zz4="}]}"#,
            "the image is not an image: expected PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF, found an SVG drawing"
        ),
    ]

    @Test("Says what is wrong in which line") func saysWhatIsWrongInWhichLine() throws {
        let scratch = try Scratch()
        for (line, message) in Self.malformed {
            let text = "{\"text\":\"good\"}\n\(line)\n{\"text\":\"better\"}\n"
            let url = try scratch.file("bad.jsonl", text.utf8)
            let documents = try DocumentShard(contentsOf: url).documents()
            #expect(try documents.next() == Document([.text("good")]))
            #expect(scratch.message { _ = try documents.next() } == "bad.jsonl:2: \(message)")
            #expect(try documents.next() == Document([.text("better")]))
            #expect(try documents.next() == nil)
        }
    }

    @Test("A missing image is one lost document") func aMissingImageIsOneLostDocument() throws {
        let scratch = try Scratch()
        let line = #"{"segments":[{"type":"image","path":"gone.png"}]}"#
        let url = try scratch.file("bad.jsonl", line.utf8)
        let error = #expect(throws: ShardError.self) {
            try DocumentShard(contentsOf: url).documents().next()
        }
        #expect(error?.kind == .notFound && error?.scope == .document)
    }

    @Test("Refuses bytes that are not text") func refusesBytesThatAreNotText() throws {
        let scratch = try Scratch()
        let url = try scratch.file(
            "bad.jsonl",
            Array("{\"text\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)
        )
        let documents = try DocumentShard(contentsOf: url).documents()
        #expect(
            scratch.message { _ = try documents.next() }
                == "bad.jsonl:1: not valid JSON: the string is not UTF-8 at byte 8"
        )
        let error = #expect(throws: ShardError.self) {
            try DocumentShard(contentsOf: url).documents().next()
        }
        #expect(error?.kind == .malformedInput && error?.scope == .document)
    }

    /// Prevents a file without newlines from filling the memory.
    @Test("Refuses long lines") func refusesLongLines() throws {
        let scratch = try Scratch()
        let long = "{\"text\":\"\(String(repeating: "x", count: 200_000))\"}"
        let url = try scratch.file("long.jsonl", (long + "\n{\"text\":\"short\"}").utf8)
        let limits = ShardLimits(textBytes: 100_000)
        let documents = try DocumentShard(contentsOf: url, limits: limits).documents()
        #expect(
            scratch.message { _ = try documents.next() }
                == "long.jsonl:1: the line is longer than 100000 bytes"
        )
        #expect(try documents.next() == Document([.text("short")]))
    }

    @Test("Refuses other formats") func refusesOtherFormats() throws {
        let scratch = try Scratch()
        let files: [(bytes: [UInt8], message: String)] = [
            ([], "expected JSON Lines or a tar archive, found an empty file"),
            ([0x1F, 0x8B, 8], "the gzip data end too early"),
            (
                Array("PAR1".utf8),
                "expected JSON Lines or a tar archive, found Parquet; convert it first"
            ),
        ]
        for (bytes, message) in files {
            let url = try scratch.file("other", bytes)
            #expect(
                scratch.message { _ = try DocumentShard(contentsOf: url) } == "other: \(message)"
            )
        }
    }
}
