import Basics
import Foundation
import Testing
import Vocabulary

/// What the tokens of each family are, beyond text.
@Suite struct FamilySpaceTests {
    @Test("Finds image codes of Chameleon") func findsImageCodesOfChameleon() throws {
        let space = try Family("chameleon").tokenizer.space
        #expect(space.image == 4..<132)
        #expect(space.kind(of: 4 + 127) == .image(code: 127))
        #expect(space[.imageStart] == 133)
        #expect(space.text == RangeSet(134..<834))
        #expect(space.kind(of: 132) == .unused)
    }

    /// In another order the tokens are no text all the same.
    @Test("Knows Chameleon codes in order only") func knowsChameleonCodesInOrderOnly() throws {
        let json = try Fixtures.json("families/chameleon")
            .setting("model.vocab.IMGIMGBCHZ", to: 130).setting("model.vocab.IMGIMGBCGZ", to: 131)
        let space = try Tokenizer(json: json).space
        #expect(space.image.isEmpty)
        #expect(space.kind(of: 130) == .unused)
    }

    /// Prevents the vocabulary from being another one in each run.
    @Test(
        "Refuses an image code that is spelled twice",
        arguments: ["model.vocab", "added_tokens"]
    )
    func refusesAnImageCodeThatIsSpelledTwice(place: String) throws {
        let json = try Fixtures.json("families/chameleon")
        let twice =
            place == "model.vocab"
            ? json.setting("model.vocab.IMGIMGAAZ", to: 838)
            : json.setting(
                "added_tokens",
                to: [["id": 838, "content": "IMGIMGAAZ", "special": true]]
            )
        for _ in 0..<8 {
            let error = #expect(throws: JSONFieldError.self) { try Tokenizer(json: twice) }
            #expect(
                error?.description
                    == #"tokenizer.json: \#(place): "IMGIMGAZ" and "IMGIMGAAZ" are both the image code 0"#
            )
        }
    }

    @Test("Drops what stands between the words of CLIP") func dropsWhatStandsBetweenTheWordsOfCLIP()
        throws
    {
        let regex = #"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"#
        func preTokens(_ text: String, _ regex: String) throws -> [String] {
            let step: JSON = [
                "type": "Split", "behavior": "Removed", "invert": true,
                "pattern": ["Regex": .string(regex)],
            ]
            let bytes: JSON = ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false]
            let json = try Fixtures.json("gpt2").setting(
                "pre_tokenizer",
                to: ["type": "Sequence", "pretokenizers": [step, bytes]]
            )
            return try Tokenizer(json: json).preTokens(of: text)
        }
        #expect(try preTokens(" it's 12\n!!", regex) == ["it", "'s", "1", "2", "!!"])
        #expect(try preTokens(" \n ", regex) == [])
        #expect(try preTokens("!<|endoftext|>!", regex) == ["!<|", "endoftext", "|>!"])
        let longer = #"<\|startoftext\|>|<\|endoftext\|>|"# + regex
        #expect(try preTokens("<|endoftext|>!", longer) == ["<|endoftext|>", "!"])
    }

    @Test("Takes special tokens from the configuration")
    func takesSpecialTokensFromTheConfiguration() throws {
        let folder = try Fixtures.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = Family.folder.appending(path: "llama1.json")
        try FileManager.default.copyItem(at: source, to: folder.appending(path: "tokenizer.json"))
        let config = folder.appending(path: "tokenizer_config.json")
        try Data(#"{"eos_token": {"content": "</s>"}, "pad_token": "<pad>"}"#.utf8).write(
            to: config
        )
        let tokenizer = try Tokenizer(contentsOf: folder)
        #expect(tokenizer.space[.end] == 2)
        #expect(tokenizer.space.specialTokens[.padding] == 959)
        #expect(tokenizer.space.text.count == 256 + 700 + 4)

        // Writing it again changes nothing.
        try tokenizer.write(to: folder)
        #expect(try Tokenizer(contentsOf: folder).space == tokenizer.space)
    }

    @Test("One token is not two special tokens") func oneTokenIsNotTwoSpecialTokens() throws {
        let folder = try Fixtures.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = Family.folder.appending(path: "llama2.json")
        try FileManager.default.copyItem(at: source, to: folder.appending(path: "tokenizer.json"))
        let config = folder.appending(path: "tokenizer_config.json")
        try Data(#"{"eos_token": "</s>", "pad_token": "</s>"}"#.utf8).write(to: config)
        #expect(try Tokenizer(contentsOf: folder).space.specialTokens == [.end: 2])
    }

    @Test("Appends special tokens after the last ID") func appendsSpecialTokensAfterTheLastID()
        throws
    {
        let tokenizer = try Family("chameleon").tokenizer.appending(
            specialTokens: [.end],
            imageCodeCount: 0
        )
        #expect(tokenizer.space[.end] == 838)
        #expect(tokenizer.space.count == 839)
    }
}
