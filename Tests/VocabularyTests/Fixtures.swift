import Basics
import Foundation
import Vocabulary

/// The fixtures that `Fixtures/generate.py` wrote with the reference implementation.
enum Fixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// The tokenizer of each pattern, by the name of its file.
    static let names = ["gpt2", "llama3", "qwen2"]

    static func tokenizer(_ name: String) throws -> Tokenizer {
        try Tokenizer(contentsOf: folder.appending(path: "\(name).json"))
    }

    static func json(_ name: String) throws -> JSON {
        try JSON(parsing: Data(contentsOf: folder.appending(path: "\(name).json")))
    }

    /// The lines of the corpus with their ends, as the reference trainer saw them.
    static func corpusLines() throws -> [String] {
        let text = try String(contentsOf: folder.appending(path: "corpus.txt"), encoding: .utf8)
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
            $0 + "\n"
        }
    }

    static func scratchFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "vocabulary-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}

/// What the reference makes of strings and of ids.
struct Golden {
    let strings: [String]
    let ids: [[TokenID]]
    let decoded: [(ids: [TokenID], text: String)]

    init(_ name: String) throws {
        let reader = try JSONReader(Fixtures.json("golden"), source: "golden.json")
        strings = try reader.array("strings").map(Self.string)
        ids = try reader.nested("ids").array(name).map(Self.integers)
        decoded = try reader.nested("decoded").array(name).map { pair in
            guard case .array(let sides) = pair, sides.count == 2 else { throw Mismatch() }
            return (try Self.integers(sides[0]), try Self.string(sides[1]))
        }
    }

    struct Mismatch: Error {}

    private static func string(_ json: JSON) throws -> String {
        guard case .string(let text) = json else { throw Mismatch() }
        return text
    }

    private static func integers(_ json: JSON) throws -> [Int] {
        guard case .array(let elements) = json else { throw Mismatch() }
        return try elements.map {
            guard case .integer(let value) = $0 else { throw Mismatch() }
            return value
        }
    }
}
