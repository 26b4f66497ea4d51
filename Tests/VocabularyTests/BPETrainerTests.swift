import Basics
import Foundation
import Testing
import Vocabulary

@Suite struct BPETrainerTests {
    /// The pattern and normalizer of the first two fixtures are what the trainer knows.
    @Test(
        "Learns the merges of the reference",
        arguments: [
            (name: "gpt2", pattern: SplitPattern.gpt2, size: 900),
            (name: "llama3", pattern: SplitPattern.llama3, size: 600),
        ]
    )
    func learnsTheMergesOfTheReference(name: String, pattern: SplitPattern, size: Int) throws {
        let tokenizer = try BPETrainer(splitPattern: pattern).train(
            Fixtures.corpusLines(),
            vocabularySize: size,
            imageCodeCount: 0
        )
        let reference = try Fixtures.tokenizer(name)
        #expect(merges(tokenizer) == merges(reference))
        #expect(merges(tokenizer).count > 300)
        for id in tokenizer.space.text.ranges.joined() {
            #expect(tokenizer.spelling(of: id) == reference.spelling(of: id))
        }
    }

    @Test("Lays out the ids") func laysOutTheIDs() throws {
        let tokenizer = try BPETrainer().train(
            ["abababab"],
            vocabularySize: 258,
            imageCodeCount: 4
        )
        let space = tokenizer.space
        #expect(space.text == RangeSet(0..<258))
        #expect(space.specialTokens.count == TokenSpace.SpecialToken.ofNewVocabulary.count)
        for (index, specialToken) in TokenSpace.SpecialToken.ofNewVocabulary.enumerated() {
            #expect(space[specialToken] == 258 + index)
            #expect(space.kind(of: 258 + index) == .specialToken(specialToken))
            #expect(tokenizer.spelling(of: 258 + index) == specialToken.spelling)
        }
        #expect(space.image == 281..<285)
        #expect(space.count == 285)
        #expect(space.kind(of: 284) == .image(code: 3))
        #expect(space.kind(of: 257) == .text)
        #expect(space.kind(of: 285) == .unused)
        #expect(space.kind(of: -1) == .unused)
        #expect(tokenizer.spelling(of: 257) == "abab")
        #expect(tokenizer.encode("abab") == [257])
    }

    @Test("Refuses impossible sizes") func refusesImpossibleSizes() {
        #expect(throws: TokenizerError.vocabularySize(255)) {
            try BPETrainer().train([], vocabularySize: 255, imageCodeCount: 0)
        }
        #expect(throws: TokenizerError.imageCodeCount(-1)) {
            try BPETrainer().train([], vocabularySize: 256, imageCodeCount: -1)
        }
        #expect(throws: TokenizerError.imageCodeCount(.max)) {
            try BPETrainer().train([], vocabularySize: 256, imageCodeCount: .max)
        }
        #expect(
            TokenizerError.vocabularySize(255).description
                == "a vocabulary of 255 text tokens is not possible; take 256 (the bytes) to 16777216"
        )
        #expect(
            TokenizerError.imageCodeCount(-1).description
                == "-1 image codes are not possible; take 0 to 16777216 tokens in all"
        )
    }

    private func merges(_ tokenizer: Tokenizer) -> [JSON] {
        guard case .object(let file) = tokenizer.json, case .object(let model)? = file["model"],
            case .array(let merges)? = model["merges"]
        else { return [] }
        return merges
    }
}
