import Basics
import Foundation
import Testing
import Vocabulary

/// Which tokens begin documents and end answers, from all files of a folder.
@Suite struct FolderTokenTests {
    /// Opens a family's tokenizer with other files beside it.
    private static func open(_ family: String, _ files: [String: JSON]) throws -> Tokenizer {
        let folder = try Fixtures.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = Family.folder.appending(path: "\(family).json")
        try FileManager.default.copyItem(at: source, to: folder.appending(path: "tokenizer.json"))
        for (name, json) in files {
            try Data(json.text().utf8).write(to: folder.appending(path: name))
        }
        return try Tokenizer(contentsOf: folder)
    }

    // MARK: Begin

    /// Prevents a sequence from beginning with another token than the model knows.
    @Test(
        "Documents begin as the reference begins them",
        arguments: [
            ("llama2", [1]), ("mistral", [1]), ("chameleon", [0]), ("llama3", [701]), ("opt", [2]),
            ("gemma", [2]), ("tekken", [1]), ("qwen", []), ("smollm", []), ("falcon", []),
        ]
    )
    func documentsBeginAsTheReferenceBeginsThem(family: String, prefix: [TokenID]) throws {
        #expect(try Family(family).tokenizer.documentPrefix == prefix)
    }

    @Test("The configuration names what begins a document where the file adds nothing")
    func theConfigurationNamesWhatBeginsADocument() throws {
        func prefix(_ family: String, _ config: JSON) throws -> [TokenID] {
            try Self.open(family, ["tokenizer_config.json": config]).documentPrefix
        }
        let token: JSON = ["bos_token": "<|im_start|>", "add_bos_token": true]
        #expect(try prefix("qwen", token) == [701])
        let object: JSON = ["bos_token": ["content": "<|im_start|>"], "add_bos_token": true]
        #expect(try prefix("qwen", object) == [701])
        #expect(try prefix("qwen", ["bos_token": "<|im_start|>"]) == [])
        #expect(try prefix("qwen", ["add_bos_token": true]) == [])
        // As in transformers, a tokenizer.json counts before the configuration.
        #expect(try prefix("llama2", ["bos_token": "<s>", "add_bos_token": false]) == [1])
    }

    @Test("Vocabularies made here begin documents with their end token")
    func vocabulariesMadeHereBeginDocumentsWithTheirEndToken() throws {
        let own = try Fixtures.tokenizer("gpt2").appending(specialTokens: [.end], imageCodeCount: 0)
        #expect(own.documentPrefix == [own.space[.end]])
    }

    // MARK: End

    struct Ends: Sendable {
        let family: String
        let files: [String: JSON]
        let end: TokenID?
        let ends: Set<TokenID>
    }

    @Test(
        "Every file can name the end",
        arguments: [
            Ends(
                family: "qwen",
                files: ["tokenizer_config.json": ["eos_token": "<|im_end|>"]],
                end: 702,
                ends: [702]
            ),
            Ends(
                family: "qwen",
                files: ["special_tokens_map.json": ["eos_token": "<|im_end|>"]],
                end: 702,
                ends: [702]
            ),
            Ends(
                family: "qwen",
                files: ["special_tokens_map.json": ["eos_token": ["content": "<|im_end|>"]]],
                end: 702,
                ends: [702]
            ),
            Ends(
                family: "qwen",
                files: ["generation_config.json": ["eos_token_id": 702]],
                end: 702,
                ends: [702]
            ),
            Ends(
                family: "qwen",
                files: ["generation_config.json": ["eos_token_id": [702, 700]]],
                end: 702,
                ends: [700, 702]
            ),
            Ends(
                family: "qwen",
                files: ["config.json": ["eos_token_id": 700]],
                end: 700,
                ends: [700]
            ),
            Ends(
                family: "qwen",
                files: ["config.json": ["text_config": ["eos_token_id": [700]]]],
                end: 700,
                ends: [700]
            ),
            Ends(
                family: "qwen",
                files: ["config.json": ["towers": ["text": ["eos_token_id": 700]]]],
                end: 700,
                ends: [700]
            ),
            // The settings for generation count before the config, and the tokenizer's name first.
            Ends(
                family: "qwen",
                files: [
                    "tokenizer_config.json": ["eos_token": "<|im_end|>"],
                    "generation_config.json": ["eos_token_id": [700, 702]],
                    "config.json": ["eos_token_id": 701],
                ],
                end: 702,
                ends: [700, 702]
            ),
            Ends(
                family: "qwen",
                files: ["config.json": ["eos_token_id": .null]],
                end: nil,
                ends: []
            ),
            Ends(family: "qwen", files: [:], end: nil, ends: []),
        ]
    )
    func everyFileCanNameTheEnd(_ expected: Ends) throws {
        let space = try Self.open(expected.family, expected.files).space
        #expect(space.specialTokens[.end] == expected.end)
        #expect(space.ends == expected.ends)
    }

    @Test("The older map counts before a configuration without its tokens")
    func theOlderMapCountsBeforeAConfigurationWithoutItsTokens() throws {
        let map: JSON = ["eos_token": "<|im_end|>"]
        let config: JSON = ["eos_token": "<|endoftext|>"]
        let files = ["special_tokens_map.json": map, "tokenizer_config.json": config]
        #expect(try Self.open("qwen", files).space[.end] == 702)
        let newer: JSON = ["eos_token": "<|endoftext|>", "added_tokens_decoder": ["700": [:]]]
        let others = ["special_tokens_map.json": map, "tokenizer_config.json": newer]
        #expect(try Self.open("qwen", others).space[.end] == 700)
    }

    @Test(
        "Ids that end nothing are ignored with a warning",
        arguments: [
            (["eos_token_id": 5000], "5000 is not in the vocabulary of 705 tokens and is ignored"),
            (["eos_token_id": -1], "-1 is not in the vocabulary of 705 tokens and is ignored"),
            (["eos_token_id": 2], "2 is a token of text and is ignored"),
            (["eos_token_id": "x"], "the string \"x\" is no token and is ignored"),
            (["eos_token_id": [1.5]], "the number 1.5 is no token and is ignored"),
        ] as [(JSON, String)]
    )
    func idsThatEndNothingAreIgnoredWithAWarning(config: JSON, warning: String) throws {
        let tokenizer = try Self.open("qwen", ["generation_config.json": config])
        #expect(tokenizer.space.ends == [])
        #expect(tokenizer.warnings.count == 1)
        #expect(
            tokenizer.warnings.first?.hasSuffix("/generation_config.json: eos_token_id: " + warning)
                == true
        )
    }

    @Test("A malformed config does not hide the tokenizer")
    func aMalformedConfigDoesNotHideTheTokenizer() throws {
        let folder = try Fixtures.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = Family.folder.appending(path: "qwen.json")
        try FileManager.default.copyItem(at: source, to: folder.appending(path: "tokenizer.json"))
        try Data("{\"a\": }".utf8).write(to: folder.appending(path: "config.json"))
        let tokenizer = try Tokenizer(contentsOf: folder)
        #expect(tokenizer.warnings.count == 1)
        #expect(tokenizer.warnings[0].hasSuffix("its eos_token_id is not known"))
    }

    /// As transformers does when it adds the tokens that a configuration names.
    @Test("A special token may stand in the vocabulary only")
    func aSpecialTokenMayStandInTheVocabularyOnly() throws {
        let folder = try Fixtures.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let json = try Fixtures.json("families/llama2").setting("added_tokens", to: [])
            .setting("post_processor", to: .null)
        let url = folder.appending(path: "tokenizer.json")
        try Data(json.text().utf8).write(to: url)
        #expect(try Tokenizer(contentsOf: folder).space.ends == [])
        let config = folder.appending(path: "config.json")
        try Data(#"{"eos_token_id": 2}"#.utf8).write(to: config)
        let tokenizer = try Tokenizer(contentsOf: folder)
        #expect(tokenizer.space[.end] == 2 && !tokenizer.space.text.contains(2))
        #expect(tokenizer.space.text.contains(1))
    }

    @Test("Several ends are written and read again") func severalEndsAreWrittenAndReadAgain() throws
    {
        let files: [String: JSON] = ["generation_config.json": ["eos_token_id": [702, 700]]]
        let tokenizer = try Self.open("qwen", files)
        let folder = try Fixtures.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let names = try tokenizer.write(to: folder)
        #expect(names.contains("generation_config.json"))
        #expect(try Tokenizer(contentsOf: folder).space == tokenizer.space)
    }
}
