import Documents
import Foundation
import Testing

/// Files that other programs train on, as their documentation shows them.
@Suite struct ConversionTests {
    private final class Remarks {
        var all: [String] = []
    }

    /// Converts a file beside two images into lines and into an archive, and reads both.
    private func convert(
        _ text: String,
        limit: BadDocumentLimit = .none
    ) throws -> (documents: [Document], report: DataConversion.Report, remarks: [String]) {
        let scratch = try Scratch()
        _ = try scratch.file("cat.png", try Fixture.bytes("images/rgb.png"))
        try FileManager.default.createDirectory(
            at: scratch.url("sub"),
            withIntermediateDirectories: true
        )
        _ = try scratch.file("sub/dog.jpg", try Fixture.bytes("images/rgb.jpg"))
        let file = try scratch.file("train.json", text.utf8)
        var results: [(documents: [Document], report: DataConversion.Report, remarks: [String])] =
            []
        for name in ["out.jsonl", "out.tar"] {
            let remarks = Remarks()
            let conversion = DataConversion(to: scratch.url(name), images: nil, limit: limit)
            let report = try conversion.convert([file.relativePath]) {
                remarks.all.append($0.replacing(scratch.folder.relativePath + "/", with: ""))
            }
            let shard = try DocumentShard(contentsOf: scratch.url(name))
            results.append((try shard.documents().collect(), report, remarks.all))
        }
        #expect(results[0].documents == results[1].documents)
        #expect(results[0].report == results[1].report)
        return results[0]
    }

    private func names(_ counts: [(name: String, count: Int)]) -> [String] {
        counts.map { "\($0.count) × \($0.name)" }
    }

    @Test("ShareGPT's conversations") func convertsShareGPT() throws {
        let text = #"""
            [{"id": "a", "conversations": [
               {"from": "system", "value": "Be brief."},
               {"from": "human", "value": "Hi, \"you\" [image]"},
               {"from": "gpt", "value": "Hello {"}]},
             {"id": "b", "system": "Be kind.", "model": null, "images": [], "conversations": [
               {"from": "user", "value": "Well?"},
               {"from": "chatgpt", "value": "Well.", "thought": "so", "tool_calls": []}]}]
            """#
        let (documents, report, _) = try convert(text)
        #expect(
            documents == [
                Document([
                    .text("Be brief.", role: .system),
                    .text("Hi, \"you\" [image]", role: .user),
                    .text("Hello {", role: .assistant),
                ]),
                Document([
                    .text("Be kind.", role: .system), .text("Well?", role: .user),
                    .text("Well.", role: .assistant),
                ]),
            ]
        )
        #expect(
            names(report.formats) == [
                "1 × ShareGPT (conversations)", "1 × ShareGPT (conversations, system)",
            ]
        )
        #expect(names(report.leftAlone) == ["2 × id", "1 × conversations[].thought"])
    }

    @Test("LLaVA's images stand where <image> does") func convertsLLaVA() throws {
        let text = """
            {"id":"1","image":"cat.png","conversations":[\
            {"from":"human","value":"<image>\\nWhat is this?"},{"from":"gpt","value":"A cat."}]}
            {"id":"2","images":["cat.png","sub/dog.jpg"],"conversations":[\
            {"from":"human","value":"First <image> then\\n<image>"},{"from":"gpt","value":"Two."}]}

            {"id":"3","image":["sub/dog.jpg"],"conversations":[\
            {"from":"human","value":"And this?"},{"from":"gpt","value":"A dog."}]}
            {"images":["cat.png"],"messages":[{"role":"user","content":[\
            {"type":"text","text":"See: "},{"type":"image"}]},{"role":"assistant","content":"A cat."}]}
            {"image":"cat.png","prompt":"<image>\\u0301 a","completion":"b"}
            """
        let (documents, report, _) = try convert(text)
        let (cat, dog) = (try Fixture.image("rgb.png"), try Fixture.image("rgb.jpg"))
        #expect(
            documents == [
                Document([
                    .image(cat, role: .user), .text("What is this?", role: .user),
                    .text("A cat.", role: .assistant),
                ]),
                Document([
                    .text("First ", role: .user), .image(cat, role: .user),
                    .text(" then", role: .user), .image(dog, role: .user),
                    .text("Two.", role: .assistant),
                ]),
                Document([
                    .image(dog, role: .user), .text("And this?", role: .user),
                    .text("A dog.", role: .assistant),
                ]),
                Document([
                    .text("See: ", role: .user), .image(cat, role: .user),
                    .text("A cat.", role: .assistant),
                ]),
                Document([
                    .image(cat, role: .user), .text("\u{301} a", role: .user),
                    .text("b", role: .assistant),
                ]),
            ]
        )
        #expect(report.documents == 5 && report.images == 6)
    }

    /// Prevents answers that a data set marks as not to be learned, and that are learned.
    @Test(
        "Answers that are not trained on",
        arguments: ["weight\":0", "train\":false", "loss\":false", "loss\":0"]
    )
    func convertsAnswersThatAreNotTrainedOn(mark: String) throws {
        let (documents, _, remarks) = try convert(
            """
            {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","\(mark)},\
            {"role":"user","content":"c"},{"role":"assistant","content":"d"}]}
            """
        )
        #expect(documents.map { $0.segments.map(\.isLearned) } == [[true, false, true, true]])
        #expect(!remarks.contains { $0.contains("left alone") })
    }

    @Test("OpenAI's messages, with images inside") func convertsMessages() throws {
        let url = "data:image/png;base64," + Base64.encode(try Fixture.bytes("images/rgb.png"))
        let text = """
            {"messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":[\
            {"type":"text","text":"What?"},{"type":"image_url","image_url":{"url":"\(url)","detail":"low"}}]},\
            {"role":"assistant","content":"A cat.","weight":1},\
            {"role":"assistant","content":[{"type":"image","url":"\(url)","alt_text":"a cat"}]}]}
            """
        let (documents, report, _) = try convert(text)
        #expect(
            documents == [
                Document([
                    .text("Be brief.", role: .system), .text("What?", role: .user),
                    .image(try Fixture.image("rgb.png"), role: .user),
                    .text("A cat.", role: .assistant),
                    .image(try Fixture.image("rgb.png"), altText: "a cat", role: .assistant),
                ])
            ]
        )
        #expect(names(report.formats) == ["1 × messages (messages)"])
    }

    @Test("Alpaca's instructions, pairs, captions and texts") func convertsOthers() throws {
        let text = #"""
            [{"instruction": "Add.", "input": "1 + 1", "output": "2", "history": [["Hi", "Hello"]]},
             {"instruction": "Greet.", "input": "", "output": "Hello!"},
             {"prompt": "Well?", "completion": "Well."}, {"question": "Who?", "answer": "I."},
             {"file_name": "sub/dog.jpg", "text": "a dog"}, {"text": "plain", "meta": {"url": "u"}}]
            """#
        let (documents, report, _) = try convert(text)
        #expect(
            documents == [
                Document([
                    .text("Hi", role: .user), .text("Hello", role: .assistant),
                    .text("Add.\n1 + 1", role: .user), .text("2", role: .assistant),
                ]),
                Document([.text("Greet.", role: .user), .text("Hello!", role: .assistant)]),
                Document([.text("Well?", role: .user), .text("Well.", role: .assistant)]),
                Document([.text("Who?", role: .user), .text("I.", role: .assistant)]),
                Document([.text("a dog"), .image(try Fixture.image("rgb.jpg"))]),
                Document([.text("plain")]),
            ]
        )
        #expect(names(report.leftAlone) == ["1 × meta"])
    }

    private static let bad: [(record: String, problem: String)] = [
        ("{", "not valid JSON: a key in quotes is expected at byte 1"),
        ("7", "(top): an object is expected, found the integer 7"),
        (
            #"{"chosen": "a", "rejected": "b"}"#,
            #"none of the known formats: "conversations", "messages", "instruction" and "output", "#
                + #"pairs such as "prompt" and "completion" or "question" and "answer", "#
                + #""file_name" and "text", "text"; found "chosen", "rejected""#
        ),
        (
            #"{"conversations": [{"from": "alien", "value": "a"}]}"#,
            #"conversations[0].from: "alien" is not known; known are "human", "user", "gpt", "#
                + #""assistant", "system""#
        ),
        (
            #"{"conversations": [{"from": "human", "value": "a"}, {"from": "tool", "value": "b"}]}"#,
            #"conversations[1].from: "tool": tools are not supported"#
        ),
        (#"{"conversations": [{"from": "human", "value": "a"}]}"#, "nothing is answered"),
        (
            #"{"prompt": "a", "completion": ""}"#, "turn 2, of assistant, is empty"
        ),
        (
            #"{"prompt": "a", "completion": 3}"#,
            "completion: a string is expected, found the integer 3"
        ),
        (
            #"{"image": "cat.png", "prompt": "<image><image>", "completion": "b"}"#,
            "<image> is there 2 times, for 1 image"
        ),
        (
            #"{"image": "../cat.png", "prompt": "a", "completion": "b"}"#,
            #""../cat.png" leads out of the folder of images; name a file inside it"#
        ),
        (
            #"{"image": "https://example.org/a.png", "prompt": "a", "completion": "b"}"#,
            "image: images on the network are not fetched; save them in a folder"
        ),
        (
            #"{"video": "a.mp4", "prompt": "a", "completion": "b"}"#,
            "video: only words and images are supported"
        ),
        (
            #"{"prompt": "<image>", "completion": "b"}"#, "<image> is there 1 times, for 0 images"
        ),
        (
            #"{"prompt": "a", "completion": "b", "tools": [{"x": 1}]}"#,
            "tools: only words and images are supported"
        ),
        (#"{"text": "a\u0000b"}"#, "turn 1 contains a NUL"), (#"{"text": ""}"#, "turn 1 is empty"),
        (
            #"{"instruction": "a", "output": "b", "history": [["c", "d", 3]]}"#,
            "history[0]: a question and its answer are expected"
        ),
        (
            #"{"messages": [{"role": "user", "content": "a", "images": ["b.png"]}]}"#,
            "messages[0].images: a message has only its text or parts"
        ),
        (
            #"{"messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]}"#,
            "turn 1, of user, is empty"
        ),
        (
            #"{"image": "sub", "prompt": "a", "completion": "b"}"#,
            "sub: a plain file is expected, found a folder"
        ),
        (
            #"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 2}]}"#,
            "messages[1].weight: 0 or 1 is expected, found 2.0"
        ),
        (
            #"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "train": "no"}]}"#,
            #"messages[1].train: true or false is expected, found the string "no""#
        ),
    ]

    @Test("Bad records are named and passed over within a limit") func namesBadRecords() throws {
        for (record, problem) in Self.bad {
            let good = #"{"prompt": "a", "completion": "b"}"#
            let (documents, report, remarks) = try convert(
                "\(good)\n\(record)\n\(good)\n",
                limit: .count(1)
            )
            #expect(documents.count == 2 && report.bad == 1)
            #expect(remarks == ["passed over: train.json:2: \(problem)"])
            #expect(throws: ShardError.self) { try convert("\(good)\n\(record)") }
        }
        let missing = #"{"image": "gone.png", "prompt": "a", "completion": "b"}"#
        #expect(throws: ShardError.self) { try convert(missing) }
    }

    @Test("A damaged array, or no file of records, is refused") func refusesOtherFiles() throws {
        let good = #"{"prompt": "a", "completion": "b"}"#
        #expect(try convert("[\(good),\(good)]").documents.count == 2)
        for text in [
            "[\(good),", "[\(good)", "[", "", "PAR1", "hello", "[]", "[\(good),,\(good)]",
            "[\(good)]\n[\(good)]", "[\(good)}]",
        ] {
            #expect(throws: (any Error).self, "\(text)") { try convert(text) }
        }
        let number = try convert(#"[{"prompt": "a", "completion": "b"}, 5]"#, limit: .count(1))
        #expect(
            number.remarks == [
                "passed over: train.json: document 2: (top): an object is expected, found the integer 5"
            ]
        )
    }

    @Test("JSON Lines are written above their images only") func refusesImagesElsewhere() throws {
        let (scratch, other) = (try Scratch(), try Scratch())
        _ = try scratch.file("cat.png", try Fixture.bytes("images/rgb.png"))
        let file = try scratch.file(
            "a.json",
            #"[{"image": "cat.png", "prompt": "a", "completion": "b"}]"#.utf8
        )
        let conversion = DataConversion(to: other.url("a.jsonl"), images: nil, limit: .none)
        #expect(throws: OutsideImages.self) {
            try conversion.convert([file.relativePath]) { _ in }
        }
        #expect(try other.names == [])
    }
}
