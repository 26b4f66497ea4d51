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
    @Test(
        "Replaces from left to right",
        arguments: ["a", "b", "aa", "ab", "aab", "aba", "abab", "aabaaab", "猫a猫a"]
    )
    func replacesFromLeftToRight(found: String) throws {
        let tokenizer = try tokenizer([Self.replace(found, by: "<>")])
        var random = SeededGenerator(seed: 5)
        for _ in 0..<300 {
            let units = found.contains("猫") ? ["猫", "a"] : ["a", "b"]
            let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                units[Int.random(in: 0...1, using: &random)]
            }.joined()
            let expected = text.replacingOccurrences(of: found, with: "<>", options: .literal)
            #expect(tokenizer.preTokens(of: text).joined() == expected)
        }
    }

    /// As in the reference, nothing is no text to look for.
    @Test("Replaces nothing by nothing") func replacesNothingByNothing() throws {
        #expect(try tokenizer([Self.replace("", by: "x")]).preTokens(of: "ab").joined() == "ab")
    }

    /// Prevents half an hour for a megabyte of marks, which Foundation alone would take; it is the
    /// reference for what comes of few.
    @Test("Marks of any number are ordered") func marksOfAnyNumberAreOrdered() throws {
        let tokenizer = try tokenizer([["type": "NFC"]])
        let marks = ["\u{301}", "\u{327}", "\u{323}", "\u{344}", "\u{31B}", "a", "e\u{302}", "ệ"]
        var random = SeededGenerator(seed: 6)
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                marks[Int.random(in: 0..<marks.count, using: &random)]
            }.joined()
            let expected = text.precomposedStringWithCanonicalMapping
            #expect(Array(tokenizer.preTokens(of: text).joined().utf8) == Array(expected.utf8))
        }
        let many = "a" + String(repeating: "\u{301}\u{323}", count: 250_000)
        let ordered = Array(tokenizer.preTokens(of: many).joined().utf8)
        // "ạ" with all other dots, then all accents.
        #expect(ordered.count == 3 + 2 * 499_999)
        // Foundation leaves these where they are; the reference, `tokenizers`, does not.
        #expect(
            Array(tokenizer.preTokens(of: "\u{327}\u{F73}\u{F80}").joined().unicodeScalars)
                == ["\u{F71}", "\u{F72}", "\u{F80}", "\u{327}"]
        )
        let double = String(repeating: "\u{F73}", count: 250_000)
        #expect(tokenizer.preTokens(of: double).joined().utf8.count == 6 * 250_000)
    }

    private func problem(_ steps: [JSON]) -> String? {
        do {
            _ = try tokenizer(steps)
            return nil
        } catch {
            return (error as? JSONFieldError).map { "\($0.field): \($0.problem)" } ?? "\(error)"
        }
    }

    private static let growth =
        "normalizer: may make a text more than 64 times as long, which is not supported"

    /// Prevents a file of a few hundred bytes from filling the memory with any text.
    @Test("Refuses sequences that grow") func refusesSequencesThatGrow() {
        let doubling = Self.replace("a", by: "aa")
        let prepending: JSON = ["type": "Prepend", "prepend": "▁▁▁▁▁▁▁"]
        let composing: JSON = ["type": "NFC"]
        #expect(problem(Array(repeating: doubling, count: 6)) == nil)
        #expect(problem(Array(repeating: doubling, count: 7)) == Self.growth)
        #expect(problem(Array(repeating: doubling, count: 60)) == Self.growth)
        #expect(problem([Self.replace("ab", by: String(repeating: "a", count: 128))]) == nil)
        #expect(
            problem([Self.replace("ab", by: String(repeating: "a", count: 129))]) == Self.growth
        )
        #expect(problem(Array(repeating: composing, count: 3)) == nil)
        #expect(problem(Array(repeating: composing, count: 4)) == Self.growth)
        #expect(problem(Array(repeating: prepending, count: 3)) == nil)
        #expect(problem([prepending, Self.replace("▁", by: "▁▁▁")]) == Self.growth)
    }

    /// A step that cannot grow costs time all the same.
    @Test("Refuses long sequences") func refusesLongSequences() {
        let shrinking = Self.replace("aa", by: "a")
        #expect(problem(Array(repeating: shrinking, count: 64)) == nil)
        #expect(
            problem(Array(repeating: shrinking, count: 65))
                == "normalizer.normalizers: has 65 steps; at most 64 are supported"
        )
    }

    /// Prevents an added token from being expanded without bound when it is read.
    @Test("Refuses growth of an added token") func refusesGrowthOfAnAddedToken() throws {
        let json = try Fixtures.json("gpt2").setting(
            "normalizer",
            to: [
                "type": "Sequence",
                "normalizers": .array(Array(repeating: Self.replace("a", by: "aa"), count: 60)),
            ]
        ).setting("added_tokens", to: [["id": 882, "content": "xa", "normalized": true]])
        #expect(throws: JSONFieldError.self) { try Tokenizer(json: json) }
    }
}
