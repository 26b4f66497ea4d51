import Basics
import Foundation
import Testing
import Vocabulary

/// Files that `tokenizers` reads and that have something missing, doubled or left over.
@Suite struct TokenizerToleranceTests {
    @Test("A vocabulary without some bytes says so") func aVocabularyWithoutSomeBytesSaysSo() throws
    {
        func warnings(_ name: String) throws -> [String] { try Family(name).tokenizer.warnings }
        #expect(try warnings("gemma") == [])
        #expect(try warnings("unknown") == [])
        let lacking = try warnings("smollm")
        #expect(lacking.count == 1)
        #expect(lacking[0].hasPrefix("the vocabulary lacks "))
        #expect(lacking[0].hasSuffix(" bytes; text loses them"))
        #expect(try warnings("starcoder")[0].hasSuffix(" bytes; they become <|endoftext|>"))
        #expect(
            try warnings("dropping") == [
                "the vocabulary has neither all byte tokens nor an unknown token; text loses "
                    + "characters that it lacks"
            ]
        )
    }

    @Test("A model without a type is byte-pair encoding") func aModelWithoutATypeIsBPE() throws {
        let json = try Fixtures.json("gpt2")
        let tokenizer = try Tokenizer(json: json.setting("model.type", to: nil))
        #expect(try tokenizer == Tokenizer(json: json))
        #expect(tokenizer.encode("hello") == (try Fixtures.tokenizer("gpt2").encode("hello")))
        #expect(try Tokenizer(json: tokenizer.json) == tokenizer)
        for member in ["unk_token", "fuse_unk", "byte_fallback", "dropout", "ignore_merges"] {
            _ = try Tokenizer(json: json.setting("model.\(member)", to: nil))
        }
    }

    /// The flags of the last one count, as in tokenizers 0.23.3.
    @Test("An added token may stand twice") func anAddedTokenMayStandTwice() throws {
        func token(_ id: Int, strips: Bool = false) -> JSON {
            ["id": .integer(id), "content": "<x>", "special": true, "lstrip": .bool(strips)]
        }
        let json = try Fixtures.json("gpt2")
        func ids(_ tokens: JSON) throws -> [TokenID] {
            try Tokenizer(json: json.setting("added_tokens", to: tokens))
                .encodeWithAddedTokens("a <x>")
        }
        #expect(try ids([token(882), token(882)]) == [64, 220, 882])
        #expect(try ids([token(882), token(882, strips: true)]) == [64, 882])
        #expect(try ids([token(882, strips: true), token(882)]) == [64, 220, 882])
    }

    /// Golden values of tokenizers 0.23.3.
    @Test("A vocabulary may have gaps and strings that are no bytes")
    func aVocabularyMayHaveGapsAndStringsThatAreNoBytes() throws {
        let json = try Fixtures.json("gpt2")
        let gap = try Tokenizer(json: json.setting("model.vocab.zq", to: 890))
        #expect(gap.encode("zqzq") == [89, 80, 89, 80])
        #expect(gap.space.count == 891 && gap.space.kind(of: 885) == .unused)
        let odd = try Tokenizer(json: json.setting("model.vocab.▁z", to: 882))
        #expect(odd.encode("▁z") == (try Tokenizer(json: json).encode("▁z")))
        #expect(odd.space.kind(of: 882) == .unused && odd.decode([882]) == "▁z")
        #expect(try Tokenizer(json: odd.json) == odd)
    }

    @Test("An unknown token that the vocabulary lacks counts as none")
    func anUnknownTokenThatTheVocabularyLacksCountsAsNone() throws {
        let json = try Fixtures.json("families/smollm").setting("model.unk_token", to: "<none>")
        let tokenizer = try Tokenizer(json: json)
        #expect(tokenizer.unknownToken == nil)
        #expect(tokenizer.encode("a\u{0}b") == tokenizer.encode("a") + tokenizer.encode("b"))
    }

    // MARK: Tokens above the table

    private static func withPadding() throws -> Tokenizer {
        let json = try Fixtures.json("families/llama2")
        guard case .array(let tokens)? = json.object?["added_tokens"] else { throw Missing() }
        let more: [JSON] = [
            ["id": 959, "content": "<pad>", "special": true],
            ["id": 960, "content": "▁<PRE>", "special": true],
            ["id": 961, "content": "<h1>", "special": false, "normalized": false],
        ]
        return try Tokenizer(json: json.setting("added_tokens", to: .array(tokens + more)))
    }

    private struct Missing: Error {}

    @Test("Added tokens above the table are unused") func addedTokensAboveTheTableAreUnused() throws
    {
        let tokenizer = try Self.withPadding()
        #expect(tokenizer.space.specialTokens[.padding] == 959)
        #expect(tokenizer.encode("<h1>") == [961])
        let limited = tokenizer.limited(to: 959)
        #expect(limited.space.count == 959)
        #expect(limited.space.specialTokens[.padding] == nil)
        #expect(limited.space.kind(of: 961) == .unused)
        #expect(limited.encode("<h1>") == (try Family("llama2").tokenizer.encode("<h1>")))
        #expect(
            limited.warnings == [
                "the model has 959 rows and none for 3 tokens of its tokenizer (\"<pad>\", "
                    + "\"▁<PRE>\", \"<h1>\"); no text may need them"
            ]
        )
        try limited.checkRows(for: limited.encode("hello"))
        let error = #expect(throws: TokenizerError.self) {
            try limited.checkRows(for: limited.encodeWithAddedTokens("a<pad>"))
        }
        #expect(
            error?.description
                == "\"<pad>\" is the token 959, and the model has only 959 rows; leave "
                + "it out of texts and chat templates"
        )
        #expect(tokenizer.limited(to: 962) === tokenizer)
    }

    @Test("A tokenizer whose text is above the table belongs to another model")
    func aTokenizerWhoseTextIsAboveTheTableBelongsToAnotherModel() throws {
        let tokenizer = try Self.withPadding()
        #expect(tokenizer.limited(to: 958) === tokenizer)
        // Every text needs the token that begins it.
        let llama3 = try Family("llama3").tokenizer
        #expect(llama3.limited(to: 701) === llama3)
        #expect(llama3.limited(to: 702).space.count == 702)
    }

    @Test("A union leaves tokens above the tables out") func aUnionLeavesTokensAboveTheTablesOut()
        throws
    {
        let tokenizer = try Self.withPadding().limited(to: 959)
        let image = try Family("chameleon").tokenizer
        for (text, other) in [(tokenizer, image), (image, tokenizer)] {
            let union = try TokenUnion(
                text,
                rows: text.space.count,
                json: text.json,
                with: other,
                rows: other.space.count
            )
            #expect(!union.appended.contains("▁<PRE>"))
            #expect(union.text.map.last.map { $0 < text.space.count } == true)
            #expect(union.image.map.last.map { $0 < other.space.count } == true)
        }
    }
}

extension JSON {
    fileprivate var object: Object? { if case .object(let object) = self { object } else { nil } }
}
