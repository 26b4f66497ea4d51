import Basics
import Foundation
import Testing
import Vocabulary

/// A real tokenizer, which `JAM_REAL_TOKENIZER` names, against `Fixtures/check_tokenizer.py`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["JAM_REAL_TOKENIZER"] != nil))
struct RealTokenizerTests {
    @Test("Encodes and decodes as the reference") func encodesAndDecodesAsTheReference() throws {
        let path = ProcessInfo.processInfo.environment["JAM_REAL_TOKENIZER"] ?? ""
        let folder = URL(filePath: path)
        let tokenizer = try Tokenizer(contentsOf: folder)
        let data = try Data(contentsOf: folder.appending(path: "expected.json"))
        let expected = try JSONReader(JSON(parsing: data), source: "expected.json")
        let texts = try expected.array("texts").map(\.text)
        let ids = try expected.array("ids").map(\.ids)
        let decoded = try expected.array("decoded").map(\.text)
        #expect(texts.count > 1000)
        var differences: [String] = []
        for (text, (ids, decoded)) in zip(texts, zip(ids, decoded)) {
            if tokenizer.encode(text) != ids || tokenizer.decode(ids) != decoded {
                differences.append(text)
            }
        }
        #expect(differences == [])
        #expect(try tokenizer.postProcessed(tokenizer.encode("x")) == expected.integers("framed"))
        print("\(texts.count) texts, \(differences.count) differences")
        print(tokenizer.warnings, tokenizer.documentPrefix, tokenizer.space.ends)
    }
}
