import Basics
import Foundation
import Testing
import Vocabulary

@Suite struct TokenizerFileTests {
    @Test("Reads what it writes", arguments: Fixtures.names)
    func readsWhatItWrites(name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        let folder = try Fixtures.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try tokenizer.write(to: folder)
        #expect(try Tokenizer(contentsOf: folder) == tokenizer)
    }

    /// With `JAM_WRITTEN_TOKENIZERS` set to a folder, the files stay there for
    /// `Fixtures/check_written.py`, which loads them with `transformers`.
    @Test("Writes files for transformers") func writesFilesForTransformers() throws {
        let kept = ProcessInfo.processInfo.environment["JAM_WRITTEN_TOKENIZERS"]
        let folder = try kept.map { URL(filePath: $0) } ?? Fixtures.scratchFolder()
        defer { if kept == nil { try? FileManager.default.removeItem(at: folder) } }
        let trained = try BPETrainer().train(
            Fixtures.corpusLines(),
            vocabularySize: 900,
            imageCodeCount: 16
        )
        var tokenizers = ["trained": trained]
        for name in Fixtures.names { tokenizers[name] = try Fixtures.tokenizer(name) }
        for (name, tokenizer) in tokenizers {
            let target = folder.appending(path: name)
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
            try tokenizer.write(to: target)
            let ids = try Golden("gpt2").strings.map { tokenizer.encode($0) }
            let json = JSON.array(ids.map { .array($0.map(JSON.integer)) })
            try Data(json.text().utf8).write(to: target.appending(path: "ids.json"))
            #expect(try Tokenizer(contentsOf: target) == tokenizer)
        }
    }

    /// Prevents a text from ending a document, or beginning an image, by spelling a special token.
    @Test("Text never becomes a special token") func textNeverBecomesASpecialToken() throws {
        let plain = try Fixtures.tokenizer("gpt2")
        let marked = try plain.appending(
            specialTokens: TokenSpace.SpecialToken.ofNewVocabulary,
            imageCodeCount: 4
        )
        for specialToken in TokenSpace.SpecialToken.ofNewVocabulary.map(\.spelling) + [
            "<image:0>", "<image:3>",
        ] {
            let text = "a\(specialToken)b \(specialToken)"
            #expect(marked.encode(text) == plain.encode(text))
            #expect(marked.encode(text).allSatisfy { marked.space.kind(of: $0) == .text })
            #expect(marked.decode(marked.encode(text)) == text)
        }
        #expect(
            marked.decode([marked.space[.end], marked.space.token(imageCode: 2)])
                == "<eos><image:2>"
        )
    }

    @Test("Does not append twice") func doesNotAppendTwice() throws {
        let marked = try Fixtures.tokenizer("gpt2").appending(
            specialTokens: [.end],
            imageCodeCount: 1
        )
        #expect(throws: TokenizerError.alreadyPresent(spelling: "<eos>")) {
            try marked.appending(specialTokens: [.end], imageCodeCount: 0)
        }
        #expect(throws: TokenizerError.alreadyPresent(spelling: "<image:0>")) {
            try marked.appending(specialTokens: [], imageCodeCount: 1)
        }
        #expect(
            TokenizerError.alreadyPresent(spelling: "<eos>").description
                == "the vocabulary has <eos> already; take a tokenizer without it"
        )
    }

    /// GPT-2 lists its special token in the vocabulary as well; it is no text for that.
    @Test("An added token of the vocabulary is no text") func anAddedTokenOfTheVocabularyIsNoText()
        throws
    {
        let json = try Fixtures.json("gpt2").setting("model.vocab.<|endoftext|>", to: 882).setting(
            "added_tokens",
            to: [["id": 882, "content": "<|endoftext|>", "special": true]]
        )
        let tokenizer = try Tokenizer(json: json)
        #expect(tokenizer.space.text == RangeSet(0..<882))
        #expect(tokenizer.space.kind(of: 882) == .unused)
        #expect(tokenizer.space.count == 883)
        #expect(!tokenizer.encode("<|endoftext|>").contains(882))
    }

    @Test("Names a file that is not there") func namesAFileThatIsNotThere() {
        let path = "/nowhere/tokenizer.json"
        #expect(throws: Basics.FileError.missing(path: path)) {
            try Tokenizer(contentsOf: URL(filePath: path))
        }
    }

    @Test("Names a file that is cut off") func namesAFileThatIsCutOff() throws {
        let folder = try Fixtures.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "tokenizer.json")
        let whole = try Data(contentsOf: Fixtures.folder.appending(path: "gpt2.json"))
        try whole.prefix(1000).write(to: file)
        let error = #expect(throws: TokenizerError.self) { try Tokenizer(contentsOf: folder) }
        #expect(
            error?.description == "\(file.path): not valid JSON: the text ends inside a string at "
                + "byte 1000"
        )
    }
}
