import Basics
import Foundation
import Testing
import Vocabulary

/// Parity with Hugging Face `tokenizers` 0.23.3 for every family that is read.
@Suite struct FamilyParityTests {
    @Test("Encodes as the reference", arguments: Family.names)
    func encodesAsTheReference(name: String) throws {
        let family = try Family(name)
        let strings = try Family.strings()
        #expect(strings.count >= 5000)
        let digests = try family.digests("ids")
        #expect(strings.blocks.count == digests.count)
        for (block, digest) in zip(strings.blocks, digests) {
            let ids = block.map { family.tokenizer.encode($0) }
            #expect(Family.digest(ids) == digest, "one of \(block)")
            let meant = block.map { family.tokenizer.encodeWithAddedTokens($0) }
            #expect(meant == ids, "one of \(block)")
        }
        for (text, ids) in try family.written() { #expect(family.tokenizer.encode(text) == ids) }
    }

    @Test("Decodes as the reference", arguments: Family.names)
    func decodesAsTheReference(name: String) throws {
        let family = try Family(name)
        let ids = try Family.strings().map { family.tokenizer.encode($0) }
        for (lists, key) in try [(ids, "decoded"), (family.looseIDs(), "loose")] {
            let digests = try family.digests(key)
            #expect(lists.blocks.count == digests.count)
            for (block, digest) in zip(lists.blocks, digests) {
                let texts = block.map { family.tokenizer.decode($0) }
                #expect(Family.digest(texts) == digest, "\(key): one of \(block)")
            }
        }
    }

    @Test("Finds added tokens as the reference", arguments: Family.names)
    func findsAddedTokensAsTheReference(name: String) throws {
        let family = try Family(name)
        let strings = try family.markedStrings()
        let digests = try family.digests("marked")
        #expect(strings.count >= 200 && strings.blocks.count == digests.count)
        for (block, digest) in zip(strings.blocks, digests) {
            let ids = block.map { family.tokenizer.encodeWithAddedTokens($0) }
            #expect(Family.digest(ids) == digest, "one of \(block)")
        }
    }

    @Test(
        "Plain text becomes added tokens as in the reference",
        arguments: Family.namesWithPlainTokens
    )
    func plainTextBecomesAddedTokensAsInTheReference(name: String) throws {
        let family = try Family(name)
        let strings = try family.plainStrings()
        let digests = try family.digests("plain")
        #expect(strings.count >= 80 && strings.blocks.count == digests.count)
        for (block, digest) in zip(strings.blocks, digests) {
            let ids = block.map { family.tokenizer.encode($0) }
            #expect(Family.digest(ids) == digest, "one of \(block)")
            let space = family.tokenizer.space
            #expect(ids.joined().allSatisfy { space.kind(of: $0) == .text })
        }
    }

    @Test("Skips special tokens as the reference", arguments: Family.names)
    func skipsSpecialTokensAsTheReference(name: String) throws {
        let family = try Family(name)
        let texts = try family.markedStrings().map { text in
            let ids = family.tokenizer.encodeWithAddedTokens(text)
            return family.tokenizer.decode(
                family.tokenizer.postProcessed(ids),
                skippingSpecialTokens: true
            )
        }
        #expect(Family.digest(texts) == (try family.digest("skipped")))
    }

    /// Prevents a sequence from beginning with two `<s>`, one of its template and one of the file.
    @Test("Never frames twice", arguments: Family.names)
    func neverFramesTwice(name: String) throws {
        let family = try Family(name)
        for (text, framed) in zip(try Family.strings()[1..<4], try family.framed()) {
            let ids = family.tokenizer.encode(text)
            #expect(family.tokenizer.postProcessed(ids) == framed)
            #expect(family.tokenizer.postProcessed(framed) == framed)
        }
    }

    /// Prevents a text from becoming a special token by spelling it.
    @Test("Text never becomes a special token", arguments: Family.names)
    func textNeverBecomesASpecialToken(name: String) throws {
        let family = try Family(name)
        for text in try family.markedStrings() {
            let ids = family.tokenizer.encode(text)
            // What the vocabulary lacks may become its unknown token.
            let unknown = family.tokenizer.unknownToken
            let others = ids.filter { family.tokenizer.space.kind(of: $0) != .text }
            #expect(others.allSatisfy { $0 == unknown }, "\(text)")
        }
    }

    @Test("Reads what it writes", arguments: Family.names)
    func readsWhatItWrites(name: String) throws {
        let tokenizer = try Family(name).tokenizer
        let folder = try Fixtures.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try tokenizer.write(to: folder)
        let read = try Tokenizer(contentsOf: folder)
        #expect(read == tokenizer)
        #expect(read.json == tokenizer.json)
        #expect(read.space.text == tokenizer.space.text)
    }

    /// With `JAM_WRITTEN_FAMILIES` set to a folder, writes ids and texts for
    /// `Fixtures/check_families.py`, which compares them with the reference as it is installed.
    @Test(
        "Writes ids for the reference",
        .enabled(if: ProcessInfo.processInfo.environment["JAM_WRITTEN_FAMILIES"] != nil)
    )
    func writesIDsForTheReference() throws {
        let path = ProcessInfo.processInfo.environment["JAM_WRITTEN_FAMILIES"] ?? ""
        for name in Family.names {
            let family = try Family(name)
            let tokenizer = family.tokenizer
            let ids = try Family.strings().map { tokenizer.encode($0) }
            let marked = try family.markedStrings().map { tokenizer.encodeWithAddedTokens($0) }
            let loose = try family.looseIDs()
            let skipped = marked.map { tokenizer.decode($0, skippingSpecialTokens: true) }
            let lists: [(String, [[TokenID]])] = [
                ("ids", ids), ("marked", marked), ("loose", loose),
            ]
            var object = JSON.Object()
            for (key, lists) in lists {
                object[key] = .array(lists.map { .array($0.map(JSON.integer)) })
                object[key + "_text"] = .array(lists.map { .string(tokenizer.decode($0)) })
            }
            object["skipped"] = .array(skipped.map(JSON.string))
            let file = URL(filePath: path).appending(path: "\(name).json")
            try Data(JSON.object(object).text().utf8).write(to: file)
        }
    }

    /// Every Unicode scalar, classified by how it is split from its neighbors.
    @Test(
        "Cuts every scalar as the reference",
        arguments: ["digit", "punctuation", "begins", "goesOn"]
    )
    func cutsEveryScalarAsTheReference(kind: String) throws {
        let isOfKind = try Self.test(of: kind)
        let lengths = try JSONReader(Fixtures.json("families/scalars"), source: "scalars.json")
            .integers(kind)
        let scalars = (UInt32(0)..<0x110000).compactMap(Unicode.Scalar.init)
        var differences: [String] = []
        var flag = false
        var place = 0
        for length in lengths {
            for scalar in scalars[place..<place + length]
            where isOfKind(String(Character(scalar))) != flag {
                differences.append(String(scalar.value, radix: 16))
            }
            place += length
            flag.toggle()
        }
        #expect(place == scalars.count)
        #expect(differences == [])
    }

    /// Every scalar of Unicode in small letters.
    @Test("Lowercases every scalar as the reference") func lowercasesEveryScalarAsTheReference()
        throws
    {
        let tokenizer = try Tokenizer(
            json: Fixtures.json("gpt2").setting("normalizer", to: ["type": "Lowercase"])
        )
        let scalars = (UInt32(0)..<0x110000).compactMap(Unicode.Scalar.init)
        let digests = try Family.lowercasedDigests()
        #expect(digests.count == (scalars.count + 4095) / 4096)
        for (index, digest) in digests.enumerated() {
            var text = String.UnicodeScalarView()
            text += scalars[index * 4096..<min(index * 4096 + 4096, scalars.count)]
            let lowercased = tokenizer.preTokens(of: String(text)).joined()
            #expect(Family.digest([lowercased]) == digest, "block \(index)")
        }
    }

    private static func test(of kind: String) throws -> (String) -> Bool {
        switch kind {
        case "begins", "goesOn":
            let tokenizer = try Family("tekken").tokenizer
            return kind == "begins"
                ? { tokenizer.preTokens(of: "A\($0)Aa").count == 1 }
                : { tokenizer.preTokens(of: "a\($0)").count == 1 }
        default:
            let step: JSON =
                kind == "digit"
                ? ["type": "Digits", "individual_digits": true]
                : ["type": "Punctuation", "behavior": "Isolated"]
            let bytes: JSON = [
                "type": "ByteLevel", "add_prefix_space": false, "use_regex": false,
            ]
            let steps: JSON = ["type": "Sequence", "pretokenizers": [step, bytes]]
            let json = try Fixtures.json("gpt2").setting("pre_tokenizer", to: steps)
            let tokenizer = try Tokenizer(json: json)
            return { tokenizer.preTokens(of: "x\($0)").count == 2 }
        }
    }
}
