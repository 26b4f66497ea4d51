import Basics
import Foundation
import Vocabulary

/// What `Fixtures/families.py` wrote with the reference implementation for one family of tokenizers.
struct Family {
    static let names = [
        "llama1", "llama2", "mistral", "metaspace", "opt", "prefixed", "llama3", "tekken", "qwen",
        "chameleon", "clip", "clip5", "cl100k", "o200k", "stablelm2", "falcon", "smollm",
        "starcoder",
        "fused", "deepseek", "deepseekcoder", "bloom", "phi2", "gemma", "phi3", "unknown", "single",
        "dropping",
    ]

    /// Those with added tokens that are text.
    static let namesWithPlainTokens = ["llama1", "qwen", "deepseek", "phi2", "gemma", "phi3"]

    static let folder = Fixtures.folder.appending(path: "families")

    let name: String
    let tokenizer: Tokenizer
    private let golden: JSONReader

    init(_ name: String) throws {
        self.name = name
        tokenizer = try Tokenizer(contentsOf: Self.folder.appending(path: "\(name).json"))
        let file = try JSONReader(Fixtures.json("families/golden"), source: "golden.json")
        golden = try file.nested("families").nested(name)
    }

    /// The strings of all families, which spell no added token.
    static func strings() throws -> [String] {
        guard case .array(let texts) = try Fixtures.json("families/strings") else { return [] }
        return texts.map(\.text)
    }

    /// Strings that spell added tokens of this family.
    func markedStrings() throws -> [String] {
        try JSONReader(Fixtures.json("families/marked"), source: "marked.json").strings(name)
    }

    /// Strings that spell added tokens of this family which are text, and no others.
    func plainStrings() throws -> [String] {
        try JSONReader(Fixtures.json("families/plain"), source: "plain.json").strings(name)
    }

    /// The number of ids of the vocabulary.
    func size() throws -> Int { try golden.integer("size") }

    /// One digest for each block.
    func digests(_ key: String) throws -> [String] { try golden.strings(key) }

    func digest(_ key: String) throws -> String { try golden.string(key) }

    func framed() throws -> [[TokenID]] { try golden.array("framed").map(\.ids) }

    func written() throws -> [(text: String, ids: [TokenID])] {
        try golden.array("written").compactMap { pair in
            guard case .array(let sides) = pair else { return nil }
            return (sides[0].text, sides[1].ids)
        }
    }

    /// The id sequences of the generator, made in the same way.
    func looseIDs() throws -> [[TokenID]] {
        let size = try size()
        var state: UInt64 = 1
        return (0..<400).map { index in
            (0..<1 + index % 12).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let number = Int(state >> 33)
                return number / 2 % (number % 2 == 1 ? size : 300)
            }
        }
    }

    /// Digests of all scalars in small letters, 4096 at a time.
    static func lowercasedDigests() throws -> [String] {
        try JSONReader(Fixtures.json("families/golden"), source: "golden.json").strings(
            "lowercased"
        )
    }

    /// FNV-1a of 64 bits of lines.
    static func digest(_ lines: [String]) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in lines.joined(separator: "\n").utf8 {
            value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    static func digest(_ lists: [[TokenID]]) -> String {
        digest(lists.map { $0.map(String.init).joined(separator: " ") })
    }
}

extension Array {
    /// The elements by 32, as the generator digests them.
    var blocks: [[Element]] {
        stride(from: 0, to: count, by: 32).map { Array(self[$0..<Swift.min($0 + 32, count)]) }
    }
}

extension JSON {
    /// The string; empty for another value.
    var text: String { if case .string(let text) = self { text } else { "" } }

    /// The integers of an array.
    var ids: [TokenID] {
        guard case .array(let elements) = self else { return [] }
        return elements.compactMap { if case .integer(let id) = $0 { id } else { nil } }
    }
}
