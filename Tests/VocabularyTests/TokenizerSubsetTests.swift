import Basics
import Foundation
import JamTesting
import Testing
import Vocabulary

/// Subsets of tokenizers, against the ids that the `tokenizers` library gives with the whole ones.
@Suite struct TokenizerSubsetTests {
    private static let names = [
        "gpt-2", "smollm", "llama-bpe", "qwen2", "tekken", "spm", "spm-bare",
    ]

    private static func file(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/gguf/\(name)")
    }

    private static func golden(_ name: String) throws -> [(text: String, ids: [TokenID])] {
        let json = try JSON(parsing: Array(Data(contentsOf: file("golden.json"))))
        return try JSONReader(json, source: "golden.json").objects(name)
            .map { (try $0.string("text"), try $0.integers("ids")) }
    }

    /// Prevents a text parent's words from being other tokens in the image parent.
    @Test("Texts are split as by the whole tokenizer", arguments: names)
    func splitsAlike(name: String) throws {
        let whole = try Tokenizer(contentsOf: Self.file(name + ".gguf"))
        let texts = try Self.golden(name).enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
        let subset = try whole.subset(for: Set(texts.flatMap(\.ids)))
        #expect(subset.space.text.count < whole.space.text.count)
        for (text, ids) in texts {
            let tokens = subset.encode(text)
            #expect(
                tokens.map(subset.spelling(of:)) == ids.map(whole.spelling(of:)),
                "\(text.debugDescription)"
            )
        }
    }

    @Test("Other texts are spelled with smaller tokens")
    func otherTexts() throws {
        let whole = try Tokenizer(contentsOf: Self.file("smollm.gguf"))
        let subset = try whole.subset(for: Set(whole.encode("a small cat")))
        for (text, _) in try Self.golden("smollm") {
            #expect(subset.decode(subset.encode(text)) == text, "\(text.debugDescription)")
        }
    }

    /// Prevents an image parent that ends its turns with another token than the LLM.
    @Test("The end of text stays the same token")
    func end() throws {
        let whole = try Tokenizer(contentsOf: Self.file("smollm.gguf"))
        let subset = try whole.subset(for: Set(whole.encode("a small cat")))
        let (end, own) = (whole.space.specialTokens[.end], subset.space.specialTokens[.end])
        #expect(try whole.spelling(of: #require(end)) == subset.spelling(of: #require(own)))

        // Python's library adds a token that the file names and the vocabulary lacks.
        let scratch = try ScratchFolder()
        try subset.write(to: URL(filePath: scratch.path))
        let config = try JSONReader(
            JSON(parsing: scratch.read("tokenizer_config.json")),
            source: "tokenizer_config.json"
        )
        let spellings = Set((0..<subset.space.count).compactMap(subset.spelling(of:)))
        for member in ["bos_token", "eos_token", "pad_token", "unk_token"] {
            guard config.has(member) else { continue }
            #expect(try spellings.contains(config.string(member)), "\(member)")
        }
    }

    /// Prevents a subset whose rows a union does not find, or that changes how texts are split.
    @Test("In a union with the whole tokenizer all its text is matched", arguments: names)
    func union(name: String) throws {
        let url = Self.file(name + ".gguf")
        let whole = try Tokenizer(contentsOf: url)
        let texts = try Self.golden(name)
        let subset = try whole.subset(for: Set(texts.prefix(10).flatMap(\.ids)))
        let needed =
            [.end, .imageStart, .altText, .drawing, .telling, .infill]
            + TokenSpace.SpecialToken.masks
        let image = try subset.appending(
            specialTokens: needed.filter { subset.space.specialTokens[$0] == nil },
            imageCodeCount: 8
        )
        let union = try TokenUnion(
            whole,
            rows: whole.space.count,
            json: whole.json,
            with: image,
            rows: image.space.count
        )
        #expect(union.image.leftOut == 0)
        for (text, ids) in texts {
            #expect(union.tokenizer.encode(text) == ids, "\(text.debugDescription)")
        }
        for id in image.space.text.ranges.joined() {
            let spelling = image.spelling(of: id)
            let place = (0..<union.image.map.count).first {
                union.image.map[$0].elementsEqual([Int32(id)])
            }
            #expect(place.flatMap { union.tokenizer.spelling(of: $0) } == spelling)
        }
    }
}
