import Basics
import Checkpoints
import Foundation
import JamTesting
import Testing

/// What a delta is refused for, word for word, and whatever else is in its description.
@Suite struct DeltaRefusalTests {
    private let maker: DeltaMaker
    private let delta: String
    private let description: String

    init() throws {
        maker = try DeltaMaker()
        delta = try maker.delta()
        description = String(decoding: try maker.scratch.read("delta/delta.json"), as: UTF8.self)
    }

    /// Opens the delta and reads all of it.
    private func message() -> String {
        do {
            let folder = try CheckpointFolder(delta)
            for name in folder.names {
                let count = try folder.withBytes(of: name) { $0.count }
                precondition(count == folder.entry(name)?.byteCount)
            }
            _ = try SideFiles(of: delta)
            return "read"
        } catch let error as any UserError {
            return error.description.replacingOccurrences(of: maker.scratch.path + "/", with: "")
        } catch {
            return "not an error for users: \(error)"
        }
    }

    private static let cases: [(found: String, replacement: String, message: String)] = [
        (
            #""format_version": 1"#, #""format_version": 2"#,
            "delta/delta.json: format_version: 2 is not known; this jam reads version 1"
        ),
        (
            #""rows": 200"#, #""rows": 4000000000"#,
            "delta/delta.json: weights.image.table.rows: 4000000000 is too large; the most is 2097152"
        ),
        (
            #""rows": 200"#, #""rows": 199"#,
            "read"
        ),
        (
            #""rows": 200"#, #""rows": 157"#,
            "delta/delta.json: weights.image.table.columns[0].rows: [157, 4, 1] are no rows; "
                + "[first, first there, count] within 157 rows are expected"
        ),
        (
            #""fill": 0"#, #""fill": 5"#,
            "delta/delta.json: weights.head: the rows 6..<8 are from 5 on, of only 1"
        ),
        (
            #""name": "base""#, #""name": "../base""#,
            "delta/delta.json: bases[0].name: \"../base\" is no plain file name"
        ),
        (
            #""path": "../base""#, #""path": "/etc/passwd""#,
            "delta/delta.json: bases[0].path: \"/etc/passwd\" is no path from the folder of the delta"
        ),
        (
            #""weight": "layer.matrix""#, #""weight": "layer.other""#,
            "delta/delta.json: weights.text.layer.matrix: there is no weight \"layer.other\""
        ),
        (
            #""kept": 1"#, #""kept": 2"#,
            "delta/delta.json: files.tokenizer.json: 2 elements are kept of 1"
        ),
        (
            #""removed": ["old"]"#, #""removed": ["new"]"#,
            "delta/delta.json: files.tokenizer.json: the base has no member \"new\""
        ),
        (
            #""content": "<break>""#, #""content": "<brake>""#,
            "delta/tokenizer.json: made of the base's file, it has another digest than in "
                + "delta.json; the delta was made by another version of jam or changed"
        ),
        (
            #""files": {"#, #""flies": {"#,
            "delta/delta.json: files: is missing"
        ),
        (
            #""width": 2"#, #""width": 2, "wide": 3"#,
            "delta/delta.json: weights.head.columns[1].wide: is not known; did you mean \"width\"?"
        ),
        (
            #""image.table": {"#, #""image.bias": {"#,
            "delta/delta.json: weights.image.bias: is stored in delta.safetensors, too"
        ),
        (
            #""dtype": "F32""#, #""dtype": "I8""#,
            "delta/delta.json: weights.head: has the type I8; rows are F32, BF16 or F16"
        ),
    ]

    @Test("What is wrong with a description is said")
    func descriptions() throws {
        for (found, replacement, expected) in Self.cases {
            #expect(description.contains(found), "\(found)")
            let changed = description.replacingOccurrences(of: found, with: replacement)
            try maker.scratch.write("delta/delta.json", changed.utf8)
            #expect(message() == expected)
        }
        try maker.scratch.write("delta/delta.json", "{".utf8)
        #expect(message().hasPrefix("delta/delta.json: not valid JSON: "))
    }
}
