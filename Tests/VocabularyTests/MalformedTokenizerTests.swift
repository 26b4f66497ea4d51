import Basics
import Testing
import Vocabulary

/// The messages about malformed `tokenizer.json` files, word for word.
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

    static func template(id: Int) -> JSON {
        [
            "type": "TemplateProcessing",
            "single": [["SpecialToken": ["id": "<s>"]], ["Sequence": ["id": "A"]]],
            "special_tokens": ["<s>": ["id": "<s>", "ids": [.integer(id)], "tokens": ["<s>"]]],
        ]
    }

    @Test(
        "Refuses with one line",
        arguments: [
            Case("model", nil, "model: is missing"),
            Case(
                "model.type",
                "Unigram",
                #"model.type: "Unigram" is not supported; supported is "BPE""#
            ),
            Case("model.vocab", nil, "model.vocab: is missing"),
            Case("model.vocab", [], "model.vocab: an object is expected, found an array"),
            Case("model.vocab", [:], "model.vocab: has no text tokens"),
            Case(
                "model.vocab.!",
                nil,
                #"model.merges[576]: "!" is not a text token of the vocabulary"#
            ),
            Case(
                "model.vocab.zq",
                100_000,
                "model.vocab: leaves 99118 ids up to 100000 without a token; at most 65536 are supported"
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
            Case(
                "model.merges.3",
                ["a"],
                "model.merges[3]: two tokens are expected, found an array"
            ),
            Case(
                "model.merges.3",
                7,
                "model.merges[3]: two tokens are expected, found the integer 7"
            ),
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
                #"model.merges[3]: makes "zq", which is not a text token of the vocabulary"#
            ),
            Case("model.dropout", 0.1, "model.dropout: 0.1 is not supported; supported is none"),
            Case(
                "model.end_of_word_suffix",
                "▁",
                #"model.end_of_word_suffix: "▁" is not supported; supported is one in the byte alphabet, where the pre_tokenizer is "ByteLevel""#
            ),
            Case(
                "model.continuing_subword_prefix",
                "@@",
                #"model.continuing_subword_prefix: "@@" is not supported; supported is none"#
            ),
            Case(
                "model.ignore_merge",
                true,
                #"model.ignore_merge: is not known; did you mean "ignore_merges"?"#
            ),
            Case(
                "normalizer",
                ["type": "NFKC"],
                #"normalizer.type: "NFKC" is not supported; supported are "NFC", "Lowercase", "Prepend", "Replace", "Strip" and a "Sequence" of them"#
            ),
            Case(
                "normalizer",
                ["type": "Replace", "pattern": ["Regex": "^a"], "content": " "],
                ##"normalizer.pattern.Regex: "^a" is not supported; it has "^" at this place"##
            ),
            Case(
                "normalizer",
                ["type": "Replace", "pattern": ["Regex": "a"]],
                "normalizer.content: is missing"
            ),
            Case(
                "pre_tokenizer",
                .null,
                "decoder: decodes tokens to bytes, but the pre_tokenizer encodes characters"
            ),
            Case(
                "pre_tokenizer.type",
                "Whitespace",
                #"pre_tokenizer.type: "Whitespace" is not supported; supported are "ByteLevel", "Metaspace", "Split", "Digits", "Punctuation", "WhitespaceSplit" and a "Sequence" of them"#
            ),
            Case(
                "decoder.type",
                "WordPiece",
                #"decoder.type: "WordPiece" is not supported; supported are "ByteLevel" and a "Sequence" of "Replace", "ByteFallback", "Fuse" and "Strip""#
            ),
            Case(
                "post_processor",
                ["type": "BertProcessing"],
                #"post_processor.type: "BertProcessing" is not supported; supported are "ByteLevel", "RobertaProcessing", "TemplateProcessing" and a "Sequence" of them"#
            ),
            Case(
                "post_processor",
                ["type": "RobertaProcessing", "cls": ["<s>"], "sep": ["</s>", 2]],
                "post_processor.cls: the string and the id of a token are expected"
            ),
            Case(
                "post_processor",
                ["type": "RobertaProcessing", "cls": ["<s>", 1], "sep": ["</s>", 882]],
                "post_processor: adds the token 882, which does not exist"
            ),
            Case(
                "post_processor",
                template(id: 882),
                "post_processor: adds the token 882, which does not exist"
            ),
            Case("added_tokens", [["id": 882]], "added_tokens[0].content: is missing"),
            Case(
                "added_tokens",
                [["id": -1, "content": "x"]],
                "added_tokens[0].id: -1 is not in 0..<16777216"
            ),
            Case(
                "added_tokens",
                [["id": 882, "content": ""]],
                "added_tokens[0].content: is empty"
            ),
            Case(
                "added_tokens",
                [eos, ["id": 882, "content": "<x>"]],
                #"added_tokens[1].id: 882 is already the id of "<eos>""#
            ),
            Case(
                "added_tokens",
                [eos, ["id": 883, "content": "<eos>"]],
                #"added_tokens[1].content: "<eos>" has the id 883, and before it the id 882"#
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
        ]
    )
    func refusesWithOneLine(_ malformed: Case) throws {
        let json = try Fixtures.json("gpt2").setting(malformed.path, to: malformed.value)
        let error = #expect(throws: JSONFieldError.self) { try Tokenizer(json: json) }
        #expect(error?.description == "tokenizer.json: " + malformed.message)
    }

    /// Prevents names in a file from writing lines of their own, backwards, or without end.
    @Test("Names of a file stay in one line") func namesOfAFileStayInOneLine() throws {
        let long = String(repeating: "k", count: 1_000_000)
        let odd = "k\n\nerror: \u{202E}\u{1B}[2J"
        let shown = #"k\n\nerror: \u{202E}\u{1B}[2J"#
        let json = try Fixtures.json("gpt2")
        func description(_ path: String, _ value: JSON) -> String {
            let error = #expect(throws: JSONFieldError.self) {
                try Tokenizer(json: json.setting(path, to: value))
            }
            return error?.description ?? ""
        }
        #expect(description(odd, 1) == "tokenizer.json: \(shown): is not known")
        #expect(
            description("model.type", .string(odd))
                == #"tokenizer.json: model.type: "\#(shown)" is not supported; supported is "BPE""#
        )
        let messages = [
            description(long, 1), description("model." + long, 1),
            description("model.type", .string(long)),
            description("normalizer", ["type": .string(long)]),
            description("model.vocab." + long, "x"), description("model.vocab." + long, 0),
            description("model.merges.3", .string("a " + long)),
            description("decoder.type", .string(long)),
            description("pre_tokenizer.type", .string(long)),
        ]
        for message in messages { #expect((1..<500).contains(message.utf8.count), "\(message)") }
    }

    /// Prevents a list of steps from overflowing the stack, which has a level for each.
    @Test(
        "Refuses long sequences",
        arguments: [
            ("pre_tokenizer", "pretokenizers", ["type": "Digits"]),
            ("post_processor", "processors", ["type": "ByteLevel"]),
            ("decoder", "decoders", ["type": "Fuse"]),
            ("normalizer", "normalizers", ["type": "NFC"]),
        ] as [(String, String, JSON)]
    )
    func refusesLongSequences(member: String, list: String, step: JSON) throws {
        let sequence: JSON = [
            "type": "Sequence", "\(list)": .array(Array(repeating: step, count: 65)),
        ]
        let json = try Fixtures.json("gpt2").setting(member, to: sequence)
        let error = #expect(throws: JSONFieldError.self) { try Tokenizer(json: json) }
        #expect(
            error?.description == "tokenizer.json: \(member).\(list): has 65 steps; at most 64 are "
                + "supported"
        )
    }

    /// The most that is read works.
    @Test("Cuts by the most steps") func cutsByTheMostSteps() throws {
        let digits: JSON = ["type": "Digits", "individual_digits": false]
        let steps =
            Array(repeating: digits, count: 63) + [
                ["type": "ByteLevel", "add_prefix_space": false]
            ]
        let json = try Fixtures.json("gpt2").setting(
            "pre_tokenizer",
            to: ["type": "Sequence", "pretokenizers": .array(steps)]
        )
        #expect(try Tokenizer(json: json).preTokens(of: "a12 b3") == ["a", "12", " b", "3"])
    }

    static let split = "pre_tokenizer.pretokenizers.0."

    @Test(
        "Refuses other pre tokenizers",
        arguments: [
            Case(
                split + "pattern.Regex",
                "(a+)+$",
                #"[0].pattern.Regex: "(a+)+$" is not supported; it has groups that are repeated without limit"#
            ),
            Case(
                split + "pattern.Regex",
                "(?<=a)b",
                #"[0].pattern.Regex: "(?<=a)b" is not supported; it has groups of the kind (?<="#
            ),
            Case(split + "pattern", [:], "[0].pattern.Regex: is missing"),
            Case(split + "pattern", ["String": ""], "[0].pattern.String: is empty"),
            Case(
                split + "behavior",
                "removed",
                #"[0].behavior: "removed" is not known; known are "Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous""#
            ),
            Case(
                "pre_tokenizer.pretokenizers.1",
                ["type": "Metaspace", "replacement": "▁"],
                #"[1].type: "Metaspace" is only supported as the first step of a "Sequence""#
            ),
            Case(
                "pre_tokenizer.pretokenizers.1.add_prefix_space",
                true,
                #"[1].add_prefix_space: true is only supported in the first step of a "Sequence""#
            ),
            Case(
                "pre_tokenizer.pretokenizers",
                [["type": "ByteLevel", "add_prefix_space": false], ["type": "ByteLevel"]],
                #"[1].type: "ByteLevel" is supported once"#
            ),
        ]
    )
    func refusesOtherPreTokenizers(_ malformed: Case) throws {
        let json = try Fixtures.json("llama3").setting(malformed.path, to: malformed.value)
        let error = #expect(throws: JSONFieldError.self) { try Tokenizer(json: json) }
        #expect(
            error?.description == "tokenizer.json: pre_tokenizer.pretokenizers" + malformed.message
        )
    }

    @Test(
        "Refuses with one line where tokens are characters",
        arguments: [
            Case(
                "model.vocab",
                ["a": 3],
                #"model.merges[0]: "▁" is not a text token of the vocabulary"#
            ),
            Case(
                "model.merges.0",
                "<0x41> a",
                #"model.merges[0]: "<0x41>" is a byte token, which has no merges"#
            ),
            Case(
                "decoder.decoders.3",
                ["type": "Fuse"],
                "decoder.decoders: Replace, ByteFallback, Fuse, Fuse are not supported together; supported are Replace, ByteFallback, Fuse, Strip"
            ),
            Case(
                "decoder",
                ["type": "ByteLevel"],
                "decoder: decodes tokens to bytes, but the pre_tokenizer encodes characters"
            ),
            Case(
                "normalizer.normalizers.1.pattern",
                [:],
                "normalizer.normalizers[1].pattern.String: is missing"
            ),
            Case(
                "post_processor.single",
                [["SpecialToken": ["id": "<x>"]]],
                #"post_processor.single: "<x>" is not among the special_tokens"#
            ),
            Case(
                "post_processor.single",
                [],
                "post_processor.single: has no sequence; expected is one"
            ),
        ]
    )
    func refusesWithOneLineWhereTokensAreCharacters(_ malformed: Case) throws {
        let json = try Fixtures.json("families/llama2").setting(
            malformed.path,
            to: malformed.value
        )
        let error = #expect(throws: JSONFieldError.self) { try Tokenizer(json: json) }
        #expect(error?.description == "tokenizer.json: " + malformed.message)
    }
}
