import Basics
import Foundation
import Testing
import Vocabulary

/// Parity with Hugging Face `tokenizers` 0.23.3.
@Suite struct TokenizerParityTests {
    @Test("Encodes as the reference", arguments: Fixtures.names)
    func encodesAsTheReference(name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        let golden = try Golden(name)
        #expect(golden.strings.count == golden.ids.count && golden.strings.count > 400)
        for (text, ids) in zip(golden.strings, golden.ids) {
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
            // Once more, now that the words are remembered.
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
        }
    }

    /// Prevents a Hangul syllable from being left in two parts, or a filler from being lost.
    @Test("Composes hangul as the reference") func composesHangulAsTheReference() throws {
        let tokenizer = try Fixtures.tokenizer("qwen2")
        #expect(tokenizer.encode("\u{AC00}\u{11A8}") == tokenizer.encode("\u{AC01}"))
        let filler = "\u{AC54}\u{11A7}\u{11A7}x"
        #expect(Array(tokenizer.decode(tokenizer.encode(filler)).utf8) == Array(filler.utf8))
    }

    @Test("Decodes as the reference", arguments: Fixtures.names)
    func decodesAsTheReference(name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        for (ids, text) in try Golden(name).decoded {
            #expect(Array(tokenizer.decode(ids).utf8) == Array(text.utf8), "\(ids)")
        }
    }

    @Test("Streams what it decodes", arguments: Fixtures.names)
    func streamsWhatItDecodes(name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        let golden = try Golden(name)
        for ids in golden.decoded.map(\.ids) + golden.ids {
            var decoder = StreamingDecoder(tokenizer)
            var text = ids.map { decoder.append($0) }.joined()
            text += decoder.finish()
            #expect(Array(text.utf8) == Array(tokenizer.decode(ids).utf8), "\(ids)")
        }
    }

    /// Prevents words that stick together where a text is continued.
    @Test("Keeps the space before what continues a text") func keepsTheFirstSpace() throws {
        let tokenizer = try Family("llama2").tokenizer
        let tokens = Array(tokenizer.encode("a cat").suffix(1))
        var continuing = StreamingDecoder(tokenizer, continuesText: true)
        #expect(continuing.append(tokens[0]) == " cat")
        var beginning = StreamingDecoder(tokenizer)
        #expect(beginning.append(tokens[0]) == "cat")
    }

    /// Prevents half a character from reaching the screen as U+FFFD.
    @Test("Holds back half a character") func holdsBackHalfACharacter() throws {
        let tokenizer = try Fixtures.tokenizer("gpt2")
        let bytes = tokenizer.encode("\u{10348}")
        #expect(bytes.count == 4)
        var decoder = StreamingDecoder(tokenizer)
        #expect(bytes.map { decoder.append($0) } == ["", "", "", "\u{10348}"])
        #expect(decoder.append(bytes[0]) == "")
        #expect(decoder.finish() == "\u{FFFD}")
        #expect(decoder.finish() == "")
    }

    @Test("Classifies every scalar as the reference") func classifiesEveryScalarAsTheReference()
        throws
    {
        guard case .array(let runs) = try Fixtures.json("classes") else { throw Golden.Mismatch() }
        var starts: [(first: UInt32, name: String)] = []
        for run in runs {
            guard case .array(let pair) = run, case .integer(let first) = pair[0],
                case .string(let name) = pair[1]
            else { throw Golden.Mismatch() }
            starts.append((UInt32(first), name))
        }
        var differences: [String] = []
        for (index, run) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1].first : 0x110000
            for scalar in (run.first..<end).compactMap(Unicode.Scalar.init)
            where Self.className(of: scalar) != run.name {
                differences.append(String(scalar.value, radix: 16))
            }
        }
        #expect(starts.count > 1000)
        #expect(differences == [])
    }

    /// The class of a scalar, seen from outside: what it joins under the pattern of GPT-2.
    private static func className(of scalar: Unicode.Scalar) -> String {
        let text = String(Character(scalar))
        if SplitPattern.gpt2.preTokens(of: "x" + text).count == 1 { return "letter" }
        if SplitPattern.gpt2.preTokens(of: "1" + text).count == 1 { return "number" }
        return SplitPattern.gpt2.preTokens(of: "!" + text).count == 1 ? "other" : "space"
    }
}
