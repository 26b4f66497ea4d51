import Basics
import Foundation
import Testing
import Vocabulary

/// Split patterns against `Fixtures/patterns.py`.
@Suite struct SplitPatternTests {
    private static func golden() throws -> JSONReader {
        try JSONReader(Fixtures.json("patterns"), source: "patterns.json")
    }

    /// A byte-level tokenizer that first splits in one way.
    private static func tokenizer(_ pattern: JSON, _ behavior: String, isInverted: Bool) throws
        -> Tokenizer
    {
        let split: JSON = [
            "type": "Split", "pattern": pattern, "behavior": .string(behavior),
            "invert": .bool(isInverted),
        ]
        let bytes: JSON = ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false]
        let steps: JSON = ["type": "Sequence", "pretokenizers": [split, bytes]]
        return try Tokenizer(json: Fixtures.json("gpt2").setting("pre_tokenizer", to: steps))
    }

    @Test(
        "Splits as the reference",
        arguments: ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]
    )
    func splitsAsTheReference(behavior: String) throws {
        let golden = try Self.golden()
        let texts = try golden.array("texts").map(\.text)
        var count = 0
        for element in try golden.array("cases") {
            guard case .array(let parts) = element, parts[1].text == behavior else { continue }
            let tokenizer = try Self.tokenizer(
                ["Regex": parts[0]],
                behavior,
                isInverted: parts[2] == true
            )
            let joined = texts.map { tokenizer.preTokens(of: $0).joined(separator: "\u{1F}") }
            let digest = Family.digest([joined.joined(separator: "\u{1E}")])
            #expect(digest == parts[3].text, "\(parts[0].text), invert \(parts[2])")
            count += 1
        }
        #expect(count > 100)
    }

    @Test("Classes have the scalars of the reference") func classesHaveTheScalarsOfTheReference()
        throws
    {
        for element in try Self.golden().array("classes") {
            guard case .array(let parts) = element, case .array(let digests) = parts[1] else {
                continue
            }
            let tokenizer = try Self.tokenizer(["Regex": parts[0]], "Removed", isInverted: false)
            for (block, digest) in digests.enumerated() {
                let values = UInt32(block * 0x2000)..<UInt32((block + 1) * 0x2000)
                var text = String.UnicodeScalarView()
                text += values.compactMap(Unicode.Scalar.init)
                let kept = tokenizer.preTokens(of: String(text)).joined()
                #expect(Family.digest([kept]) == digest.text, "\(parts[0].text), block \(block)")
            }
        }
    }

    @Test(
        "Refuses what is outside of the syntax",
        arguments: [
            ("(a+)+", "groups that are repeated without limit"),
            ("(ab)*c", "groups that are repeated without limit"),
            ("a+?", "lazy quantifiers"),
            ("(?<=a)b", "groups of the kind (?<="),
            ("(?>a)b", "groups of the kind (?>a"),
            ("^a", "\"^\" at this place"),
            (#"\bword"#, #""\b""#),
            (#"(a)\1"#, #""\1""#),
            (#"\p{Han}+"#, "the property \"Han\""),
            ("[a&&b]", "intersections of classes"),
            ("[[:alpha:]]", "POSIX classes"),
            ("a*", "matches of the empty text"),
            ("", "matches of the empty text"),
            ("a|", "matches of the empty text"),
            ("a{1,65}", "the braces {1,65}"),
            ("a{3,2}", "the braces {3,2}"),
            ("a{2}+", "a quantifier of a quantifier"),
            ("a**", "a quantifier of a quantifier"),
            ("(a", "a \"(\" without \")\""),
            ("a)", "a \")\" without \"(\""),
            ("[a", "an end within a group or class"),
            ("[z-a]", "the range from U+7A to \"a\""),
            ("(?i:ss)", "\"ss\" without regard to case"),
            (String(repeating: "((((ab){64}){64}){64})", count: 2), "a pattern this large"),
            (String(repeating: "(ab)?", count: 300) + "c", "a pattern this large"),
            (String(repeating: "(", count: 40) + "a", "groups this deep"),
        ]
    )
    func refusesWhatIsOutsideOfTheSyntax(pattern: String, problem: String) throws {
        let error = #expect(throws: RegexError.self) { try SplitPattern(pattern) }
        #expect(error?.problem == problem)
    }

    /// Prevents a hostile file from taking quadratic or exponential time.
    @Test(
        "Hostile patterns take linear time",
        arguments: [
            ("a*b|a", "a"), (#"\s+$"#, " "), ("a*a*a*a*b|c", "a"), ("(?!.*x)a", "a"),
            (String(repeating: "a?", count: 40) + String(repeating: "a", count: 40) + "b|a", "a"),
            ("(a|aa){1,30}b|a", "a"), ("a{1,60}a{1,60}a{1,60}b|a", "a"),
        ]
    )
    func hostilePatternsTakeLinearTime(regex: String, unit: String) throws {
        let pattern = try SplitPattern(regex)
        let text = String(repeating: unit, count: 20_000) + "z"
        #expect(!pattern.preTokens(of: text).isEmpty)
    }

    @Test("Normalizes as the reference") func normalizesAsTheReference() throws {
        let golden = try Self.golden()
        let texts = try golden.array("texts").map(\.text)
        for element in try golden.array("normalized") {
            guard case .array(let parts) = element else { continue }
            let json = try Fixtures.json("gpt2").setting("normalizer", to: parts[0])
            let tokenizer = try Tokenizer(json: json)
            let joined = texts.map { tokenizer.preTokens(of: $0).joined() }
            let digest = Family.digest([joined.joined(separator: "\u{1E}")])
            #expect(digest == parts[1].text, "\(parts[0].text())")
        }
    }

    @Test("Splits at strings") func splitsAtStrings() throws {
        func preTokens(_ literal: String, _ behavior: String, _ text: String) throws -> [String] {
            try Self.tokenizer(["String": .string(literal)], behavior, isInverted: false)
                .preTokens(of: text)
        }
        #expect(try preTokens(" ", "MergedWithPrevious", "a b  c") == ["a ", "b ", " ", "c"])
        #expect(try preTokens("+*", "Isolated", "a+*b+") == ["a", "+*", "b+"])
        #expect(try preTokens("▁", "MergedWithNext", "a▁▁b") == ["a", "▁", "▁b"])
        #expect(try preTokens("\n", "Removed", "a\n\nb") == ["a", "b"])
    }
}
