import Basics
import Testing
import Vocabulary

/// What is wrong with a `tokenizer.json` is said in one line, word for word.
@Suite struct MalformedTokenizerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let value: JSON?
        let message: String

        init(_ path: String, _ value: JSON?, _ message: String) {
            self.path = path
            self.value = value
            self.message = message
        }

        var testDescription: String { path + ": " + (value?.kind ?? "removed") }
    }

    static let eos: JSON = ["id": 882, "content": "<eos>", "special": true]

    @Test(arguments: [
        Case("model", nil, "model: is missing"),
        Case(
            "model.type",
            "Unigram",
            #"model.type: "Unigram" is not supported; supported is "BPE""#
        ),
        Case("model.vocab", nil, "model.vocab: is missing"),
        Case("model.vocab", [], "model.vocab: an object is expected, found an array"),
        Case("model.vocab", [:], #"model.vocab: has no token for the byte 0, "Ā""#),
        Case("model.vocab.!", nil, #"model.vocab: has no token for the byte 33, "!""#),
        Case(
            "model.vocab.B",
            nil,
            "model.vocab: no text token has the id 33; text tokens have ids without gaps"
        ),
        Case(
            "model.vocab.zq",
            883,
            "model.vocab: no text token has the id 882; text tokens have ids without gaps"
        ),
        Case("model.vocab.zq", 65, #"model.vocab: "b" and "zq" have the same id 65"#),
        Case("model.vocab.zq", -1, #"model.vocab: the id -1 of "zq" is not in 0..<16777216"#),
        Case(
            "model.vocab.zq",
            16_777_216,
            #"model.vocab: the id 16777216 of "zq" is not in 0..<16777216"#
        ),
        Case(
            "model.vocab.zq",
            1.5,
            #"model.vocab: the id of "zq" is an integer, found the number 1.5"#
        ),
        Case(
            "model.vocab.▁z",
            882,
            #"model.vocab: "▁z" is not spelled in the byte alphabet; a byte-level vocabulary is expected"#
        ),
        Case("model.merges", nil, "model.merges: is missing"),
        Case(
            "model.merges.3",
            "a",
            #"model.merges[3]: two tokens are expected, found the string "a""#
        ),
        Case(
            "model.merges.3",
            "a b c",
            #"model.merges[3]: two tokens are expected, found the string "a b c""#
        ),
        Case("model.merges.3", ["a"], "model.merges[3]: two tokens are expected, found an array"),
        Case("model.merges.3", 7, "model.merges[3]: two tokens are expected, found the integer 7"),
        Case(
            "model.merges.3",
            "a zzz",
            #"model.merges[3]: "zzz" is not a text token of the vocabulary"#
        ),
        Case(
            "model.merges.3",
            ["▁", "a"],
            #"model.merges[3]: "▁" is not a text token of the vocabulary"#
        ),
        Case(
            "model.merges.3",
            "z q",
            #"model.merges[3]: makes "zq", which is no text token of the vocabulary"#
        ),
        Case("model.dropout", 0.1, "model.dropout: 0.1 is not supported; supported is none"),
        Case(
            "model.end_of_word_suffix",
            "</w>",
            #"model.end_of_word_suffix: "</w>" is not supported; supported is none"#
        ),
        Case(
            "model.ignore_merge",
            true,
            #"model.ignore_merge: is not known; did you mean "ignore_merges"?"#
        ),
        Case(
            "normalizer",
            ["type": "NFKC"],
            #"normalizer.type: "NFKC" is not supported; supported is "NFC""#
        ),
        Case("pre_tokenizer", .null, "pre_tokenizer: is missing"),
        Case(
            "pre_tokenizer.type",
            "Metaspace",
            #"pre_tokenizer.type: "Metaspace" is not supported; supported are "ByteLevel" and a "Sequence" of "Split" and "ByteLevel""#
        ),
        Case(
            "pre_tokenizer.add_prefix_space",
            true,
            "pre_tokenizer.add_prefix_space: true is not supported; supported is false"
        ),
        Case(
            "pre_tokenizer.use_regex",
            false,
            #"pre_tokenizer.use_regex: false is only supported after a "Split""#
        ),
        Case(
            "decoder.type",
            "WordPiece",
            #"decoder.type: "WordPiece" is not supported; supported is "ByteLevel""#
        ),
        Case("added_tokens", [["id": 882]], "added_tokens[0].content: is missing"),
        Case(
            "added_tokens",
            [["id": -1, "content": "x"]],
            "added_tokens[0].id: -1 is not in 0..<16777216"
        ),
        Case("added_tokens", [["id": 882, "content": ""]], "added_tokens[0].content: is empty"),
        Case(
            "added_tokens",
            [eos, ["id": 882, "content": "<x>"]],
            #"added_tokens[1].id: 882 is already the id of "<eos>""#
        ),
        Case(
            "added_tokens",
            [eos, ["id": 883, "content": "<eos>"]],
            #"added_tokens[1].content: "<eos>" stands twice"#
        ),
        Case(
            "added_tokens",
            [["id": 33, "content": "<eos>"]],
            #"model.vocab: "<eos>" and "B" have the same id 33"#
        ),
        Case(
            "added_tokens",
            [["id": 900, "content": "the"]],
            #"model.vocab: "the" has the id 467, but 900 in added_tokens"#
        ),
        Case(
            "added_tokens",
            [["id": 882, "content": "<image:0>"], ["id": 884, "content": "<image:1>"]],
            "added_tokens: <image:1> has the id 884; image codes have ids without gaps, and <image:0> has 882"
        ),
        Case(
            "added_tokens",
            [["id": 882, "content": "<image:0>"], ["id": 883, "content": "<image:2>"]],
            "added_tokens: <image:1> is missing; image codes have ids without gaps, and <image:0> has 882"
        ),
        Case(
            "added_tokens",
            [["id": 882, "content": "<image:1>"]],
            "added_tokens: has image codes, but no <image:0>"
        ),
        Case("vocabulary", [:], "vocabulary: is not known"),
    ])
    func refusesWithOneLine(_ malformed: Case) throws {
        let json = try Fixtures.json("gpt2").setting(malformed.path, to: malformed.value)
        let error = #expect(throws: JSONFieldError.self) { try Tokenizer(json: json) }
        #expect(error?.description == "tokenizer.json: " + malformed.message)
    }

    static let split = "pre_tokenizer.pretokenizers.0."

    @Test(arguments: [
        Case(
            split + "pattern.Regex",
            "(a+)+$",
            #"[0].pattern.Regex: "(a+)+$" is not a known pattern; known are those of GPT-2, Llama 3 and Qwen 2"#
        ),
        Case(split + "pattern", ["String": " "], "[0].pattern.Regex: is missing"),
        Case(
            split + "behavior",
            "Removed",
            #"[0].behavior: "Removed" is not supported; supported is "Isolated""#
        ),
        Case(split + "invert", true, "[0].invert: true is not supported; supported is false"),
        Case(
            split + "type",
            "Digits",
            #"[0].type: "Digits" is not supported; supported is "Split""#
        ),
        Case(
            "pre_tokenizer.pretokenizers.1.use_regex",
            true,
            #"[1].use_regex: true is not supported after a "Split""#
        ),
        Case(
            "pre_tokenizer.pretokenizers",
            [],
            #": 0 steps are not supported; expected "Split" and "ByteLevel""#
        ),
    ])
    func refusesOtherPreTokenizers(_ malformed: Case) throws {
        let json = try Fixtures.json("llama3").setting(malformed.path, to: malformed.value)
        let error = #expect(throws: JSONFieldError.self) { try Tokenizer(json: json) }
        #expect(
            error?.description == "tokenizer.json: pre_tokenizer.pretokenizers" + malformed.message
        )
    }
}
