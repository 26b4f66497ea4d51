import Basics
import Evaluating
import Foundation
import JamTesting
import PictureDictionary
import Testing

/// Reports of several arms beside each other.
@Suite struct BookComparisonTests {
    /// A report in which the things of `right` are named right, of 20.
    private static func report(_ right: Range<Int>, isLLM: Bool = false) -> [UInt8] {
        let answers = (0..<20).map { thing -> JSON in
            let isRight = JSON.bool(right.contains(thing))
            return [
                "question": "What is this?",
                "expected": [
                    "kind": "name", "new": "things", "things": [.string("thing \(thing)")],
                ],
                "text": "", "right": isRight, "right_pictures": .bool(true),
                "right_words": isRight, "unasked_pictures": .bool(false),
            ]
        }
        let talk: JSON = [
            "question": "Why is the sky blue?",
            "expected": ["kind": "talk", "new": "wordings", "things": []],
            "text": "Because.", "right": true, "right_pictures": true, "right_words": true,
            "unasked_pictures": .bool(right.count < 5),
        ]
        // What is said after an image: the LLM's words, its words with an image, and others.
        let after = ["Yes,", "Yes,", "No."].enumerated().flatMap { number, text in
            [true, false].map { isShown -> JSON in
                [
                    "question": "Is it big?",
                    "expected": [
                        "kind": "ask-after", "new": "things",
                        "things": [.string("thing \(number), \(isShown)")],
                        "shown": .bool(isShown),
                    ],
                    "text": .string(isShown || isLLM ? "Yes, it is." : text), "right": true,
                    "right_pictures": true, "right_words": true,
                    "unasked_pictures": .bool(!isShown && number == 1 && !isLLM),
                ]
            }
        }
        return Array(JSON.object(["answers": .array(answers + [talk] + after)]).text().utf8)
    }

    private static func cell(_ table: [[String]], _ title: String, _ arm: String) throws -> String {
        let column = try #require(table[0].firstIndex { $0.hasPrefix(arm) })
        return try #require(table.first { $0[0] == title })[column]
    }

    @Test("Means, spreads and leads are those of the seeds and of paired things")
    func compares() throws {
        let scratch = try ScratchFolder()
        for (path, right) in [
            ("model/1", 0..<12), ("model/2", 0..<8), ("off/1", 0..<2), ("same/1", 0..<12),
            ("same/2", 0..<8),
        ] {
            try scratch.makeFolder(String(path.prefix { $0 != "/" }))
            try scratch.write(path + ".json", Self.report(right))
        }
        try scratch.makeFolder("llm")
        try scratch.write("llm/1.json", Self.report(0..<0, isLLM: true))
        let comparison = try BookComparison(contentsOf: scratch.path, first: "model")
        let table = comparison.table.cells
        #expect(table[0] == ["percent", "model, 2 seeds", "llm", "off", "same, 2 seeds"])
        #expect(try Self.cell(table, "names", "model") == "50 (40–60)")
        #expect(try Self.cell(table, "names", "off") == "10")
        #expect(try Self.cell(table, "draws", "off") == "–")
        #expect(try Self.cell(table, "draws unasked", "model") == "0 (0–0)")
        #expect(try Self.cell(table, "draws unasked", "off") == "100")
        // An image that nobody asked for is none of the LLM's words.
        let drawn = "after a drawing, about the thing: "
        #expect(try Self.cell(table, drawn + "in the LLM's words", "off") == "33")
        #expect(try Self.cell(table, drawn + "draws unasked", "off") == "33")
        let shown = "after an image shown, about the thing: "
        #expect(try Self.cell(table, shown + "in the LLM's words", "off") == "100")

        // 8 things of 20 are 10 of 20 on average, in which 2 do not count: ahead by 40 points; the
        // standard error of the mean of such differences is 10 points.
        let lead = try Self.cell(comparison.lead.cells, "names", "off")
        let numbers = lead.split { !$0.isNumber }.compactMap { Int($0) }
        #expect(numbers.count == 3 && numbers[0] == 40, "\(lead)")
        #expect((17...27).contains(numbers[1]) && (53...63).contains(numbers[2]), "\(lead)")
        #expect(try Self.cell(comparison.lead.cells, "names", "same") == "0 (0 to 0)")

        #expect(throws: DictionaryError.noReports(path: scratch.file("none"))) {
            try BookComparison(contentsOf: scratch.path, first: "none")
        }
    }
}
