import Basics
import Foundation
import Testing
import Vocabulary

/// Tokenizers of GGUF files against the ones that went into the files.
@Suite struct GGUFTokenizerTests {
    private static let names = [
        "gpt-2", "smollm", "llama-bpe", "qwen2", "tekken", "spm", "spm-bare",
    ]

    private static func url(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/gguf/\(name)")
    }

    @Test("Ids are those of the original tokenizer", arguments: names)
    func ids(name: String) throws {
        let tokenizer = try Tokenizer(contentsOf: Self.url(name + ".gguf"))
        let golden = try JSONReader(
            JSON(parsing: Array(Data(contentsOf: Self.url("golden.json")))),
            source: "golden.json"
        )
        let texts = try golden.objects(name)
        #expect(texts.count > 25)
        for entry in texts {
            let (text, ids) = (try entry.string("text"), try entry.integers("ids"))
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
            // NFC, and SentencePiece's sign for a space, do not come back.
            let isLossy = name == "qwen2" || text.contains("▁")
            #expect(isLossy || tokenizer.decode(ids) == text, "\(text.debugDescription)")
        }
    }

    @Test("Special tokens, added tokens and the template come with the file")
    func specialTokens() throws {
        let tokenizer = try Tokenizer(contentsOf: Self.url("smollm.gguf"))
        #expect(tokenizer.encodeWithAddedTokens("<|im_start|><think>").count == 2)
        #expect(tokenizer.space.specialTokens[.end] == 2)
        #expect(tokenizer.templateVariables["bos_token"] == "<|im_start|>")
        let templates = try #require(try ChatTemplates(ofModel: Self.url("smollm.gguf")))
        #expect(templates.named.map(\.name) == ["default"])
        #expect(try ChatTemplates(ofModel: Self.url("spm.gguf")) == nil)
    }

    @Test("BOS is added where the file says so, and for SentencePiece unless it says otherwise")
    func beginning() throws {
        let files = ["llama-bpe": [1, 5], "smollm": [5], "spm": [1, 5]]
        for (name, expected) in files {
            let tokenizer = try Tokenizer(contentsOf: Self.url(name + ".gguf"))
            #expect(tokenizer.postProcessed([5]) == expected, "\(name)")
        }
    }
}
