import Basics
import Evaluating
import Foundation
import JamTesting
import PictureDictionary
import Testing

/// Reports of several arms beside each other.
@Suite struct BookComparisonTests {
    /// A report in which the things of `right` are named right, of 20.
    private static func report(_ right: Range<Int>) -> [UInt8] {
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
        return Array(JSON.object(["answers": .array(answers + [talk])]).text().utf8)
    }

    private static func cell(_ table: [[String]], _ row: Int, _ title: String) throws -> String {
        table[row][try #require(table[0].firstIndex(of: title))]
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
        let comparison = try BookComparison(contentsOf: scratch.path, first: "model")
        let table = comparison.table.cells
        #expect(table.map { $0[0] } == ["arm", "model", "off", "same"])
        #expect(try Self.cell(table, 1, "names") == "50 (40–60)")
        #expect(try Self.cell(table, 2, "names") == "10")
        #expect(try Self.cell(table, 2, "draws") == "–")
        #expect(try Self.cell(table, 1, "draws unasked") == "0 (0–0)")
        #expect(try Self.cell(table, 2, "draws unasked") == "100")

        // 8 things of 20 are 10 of 20 on average, in which 2 do not count: ahead by 40 points; the
        // standard error of the mean of such differences is 10 points.
        let lead = try Self.cell(comparison.lead.cells, 1, "names")
        let numbers = lead.split { !$0.isNumber }.compactMap { Int($0) }
        #expect(numbers.count == 3 && numbers[0] == 40, "\(lead)")
        #expect((17...27).contains(numbers[1]) && (53...63).contains(numbers[2]), "\(lead)")
        #expect(try Self.cell(comparison.lead.cells, 2, "names") == "0 (0 to 0)")

        #expect(throws: DictionaryError.noReports(path: scratch.file("none"))) {
            try BookComparison(contentsOf: scratch.path, first: "none")
        }
    }
}
