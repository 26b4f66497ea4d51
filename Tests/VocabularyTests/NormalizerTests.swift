import Basics
import Foundation
import Testing
import Vocabulary

@Suite struct NormalizerTests {
    private func tokenizer(_ steps: [JSON]) throws -> Tokenizer {
        let normalizer: JSON = ["type": "Sequence", "normalizers": .array(steps)]
        return try Tokenizer(json: Fixtures.json("gpt2").setting("normalizer", to: normalizer))
    }

    static func replace(_ found: String, by replacement: String) -> JSON {
        [
            "type": "Replace", "pattern": ["String": .string(found)],
            "content": .string(replacement),
        ]
    }

    /// Prevents a search that goes on at the wrong place where a match breaks off.
    @Test(arguments: ["a", "b", "aa", "ab", "aab", "aba", "abab", "aabaaab", "猫a猫a"])
    func replacesFromLeftToRight(found: String) throws {
        let tokenizer = try tokenizer([Self.replace(found, by: "<>")])
        var random = SeededGenerator(seed: 5)
        for _ in 0..<300 {
            let units = found.contains("猫") ? ["猫", "a"] : ["a", "b"]
            let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                units[Int.random(in: 0...1, using: &random)]
            }.joined()
            let expected = text.replacingOccurrences(of: found, with: "<>", options: .literal)
            #expect(tokenizer.pieces(of: text).joined() == expected)
        }
    }

    /// As in the reference, nothing is no text to look for.
    @Test func replacesNothingByNothing() throws {
        #expect(try tokenizer([Self.replace("", by: "x")]).pieces(of: "ab").joined() == "ab")
    }
}
