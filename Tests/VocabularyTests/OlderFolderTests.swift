import Basics
import Foundation
import Testing
import Vocabulary

/// Folders without a `tokenizer.json`, against `Fixtures/folders.py`.
@Suite struct OlderFolderTests {
    private static let folders = Fixtures.folder.appending(path: "folders")

    @Test("Reads vocab.json and merges.txt", arguments: ["gpt2", "opt", "added", "qwen2", "clip"])
    func readsVocabularyAndMerges(name: String) throws {
        let golden = try JSONReader(Fixtures.json("folders/expected"), source: "expected.json")
            .nested(name)
        let folder = Self.folders.appending(path: name)
        #expect(try Tokenizer.isThere(in: folder))
        let tokenizer = try Tokenizer(contentsOf: folder)
        let texts = try golden.array("texts").map(\.text)
        let (ids, framed) = try (golden.array("ids").map(\.ids), golden.array("framed").map(\.ids))
        for (text, (ids, framed)) in zip(texts, zip(ids, framed)) {
            #expect(tokenizer.encode(text) == ids, "\(text)")
            #expect(tokenizer.postProcessed(tokenizer.encode(text)) == framed, "\(text)")
        }
        #expect(try tokenizer.space.specialTokens[.end] == golden.integer("end"))
        #expect(try tokenizer.space.count == golden.integer("size"))

        // Written and read again, it is the same tokenizer.
        let scratch = try Fixtures.scratchFolder()
        defer { try? FileManager.default.removeItem(at: scratch) }
        try tokenizer.write(to: scratch)
        let read = try Tokenizer(contentsOf: scratch)
        #expect(read == tokenizer && read.space == tokenizer.space)
        #expect(read.documentPrefix == tokenizer.documentPrefix)
    }

    @Test("Begins documents as the class says") func beginsDocumentsAsTheClassSays() throws {
        func prefix(_ name: String) throws -> [TokenID] {
            try Tokenizer(contentsOf: Self.folders.appending(path: name)).documentPrefix
        }
        #expect(try prefix("gpt2") == [])
        #expect(try prefix("opt") == [2])
        #expect(try prefix("qwen2") == [])
        #expect(try prefix("clip") == [785])
    }

    /// Changes one file of the folder `gpt2` and opens it.
    private static func open(_ name: String, _ contents: Data?) throws -> Tokenizer {
        let scratch = try Fixtures.scratchFolder()
        defer { try? FileManager.default.removeItem(at: scratch) }
        for file in ["vocab.json", "merges.txt", "tokenizer_config.json"] {
            let source = folders.appending(path: "gpt2/\(file)")
            try FileManager.default.copyItem(at: source, to: scratch.appending(path: file))
        }
        let url = scratch.appending(path: name)
        try? FileManager.default.removeItem(at: url)
        try contents?.write(to: url)
        do {
            return try Tokenizer(contentsOf: scratch)
        } catch let error as any UserError {
            throw Refusal(error.description.replacing(scratch.path + "/", with: ""))
        }
    }

    private struct Refusal: Error, Equatable {
        let message: String
        init(_ message: String) { self.message = message }
    }

    @Test(
        "Refuses broken files with one line",
        arguments: [
            ("merges.txt", nil, "tokenizer.json: there is no such file"),
            ("vocab.json", nil, "tokenizer.json: there is no such file"),
            ("merges.txt", "#version: 0.2\na b c\n", "vocab.json: model.merges[0]: two tokens"),
            ("merges.txt", "a \u{FFFF}\n", "vocab.json: model.merges[0]: \"\u{FFFF}\" is not"),
            ("vocab.json", "[]", "vocab.json: (top): an object is expected, found an array"),
            ("added_tokens.json", #"{"<x>": "y"}"#, "added_tokens.json: <x>: an integer"),
            ("added_tokens.json", #"{"<x>": -1}"#, "vocab.json: added_tokens[0].id: -1 is not in"),
            (
                "tokenizer_config.json", #"{"added_tokens_decoder": {"x": {"content": "<x>"}}}"#,
                "tokenizer_config.json: added_tokens_decoder.x: an id is expected as the key"
            ),
        ] as [(String, String?, String)]
    )
    func refusesBrokenFilesWithOneLine(name: String, contents: String?, message: String) throws {
        let error = #expect(throws: Refusal.self) {
            try Self.open(name, contents.map { Data($0.utf8) })
        }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test("Refuses merges that are not UTF-8") func refusesMergesThatAreNotUTF8() {
        let error = #expect(throws: Refusal.self) {
            try Self.open("merges.txt", Data([0x61, 0x20, 0xFF, 0x0A]))
        }
        #expect(error?.message == "merges.txt is not UTF-8 text; take the file of the model again")
    }
}
