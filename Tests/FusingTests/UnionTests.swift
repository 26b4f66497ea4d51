import Basics
import Checkpoints
import Decoders
import Foundation
import Fusing
import JamTesting
import Testing
import Vocabulary

/// Parents whose vocabularies differ: Llama 3's and Chameleon's kind of tokenizer, made small.
@Suite struct UnionTests {
    private static func unlike() throws -> Fusion {
        try Fusion.union(
            TinyParent.config(.llama, width: 64, layers: 4, vocabulary: 712, tied: true),
            TinyParent.config(.chameleon, width: 96, layers: 6, vocabulary: 840)
        )
    }

    static func alike() throws -> Fusion {
        try Fusion.union(
            TinyParent.config(.llama, width: 16, layers: 2, vocabulary: 712),
            TinyParent.config(.llama, width: 16, layers: 2, vocabulary: 840)
        )
    }

    /// The ids of one tokenizer by the spelling of its tokens.
    private static func ids(_ tokenizer: Tokenizer, _ rows: Int) -> [String: Int] {
        let spelled = (0..<rows).compactMap { id in tokenizer.spelling(of: id).map { ($0, id) } }
        return Dictionary(spelled) { first, _ in first }
    }

    /// Prevents a Cross model of unlike parents from forgetting either before training begins.
    @Test("Preserving cross keeps both parents logits") func preservingCrossKeepsBothParentsLogits()
        throws
    {
        let fusion = try Self.unlike()
        let output = try fusion.run(
            FusionRecipe(.cross(every: 2, direction: .both, start: .preserving()))
        )
        let fused = try Tokenizer(contentsOf: URL(filePath: output))
        let rows = try ModelFolder(output).config.vocabularySize
        let (text, image) = (fusion.parents.text, fusion.parents.image)
        let ofText = Self.ids(text.tokenizer, 712)
        let ofImage = Self.ids(image.tokenizer, 840)
        let codes = fused.space.image

        // Text that both know, for the text tower; with images, for the image tower.
        let words = (0..<706).filter { id in
            fused.spelling(of: id).map { ofImage[$0] != nil } ?? false
        }
        let plain = Array(words.prefix(40))
        let mixed = Array(words.suffix(20)) + Array(codes.prefix(20))
        for (tokens, parent, numbers) in [(plain, text, ofText), (mixed, image, ofImage)] {
            let own = tokens.compactMap { fused.spelling(of: $0).flatMap { numbers[$0] } }
            try #require(own.count == tokens.count)
            let expected = try TinyParent.logits(parent.folder.path, own)
            let found = try TinyParent.logits(output, tokens)
            let width = parent.config.vocabularySize
            let isImage = parent.role == .image
            var (worst, compared): (Float, Int) = (0, 0)
            for id in 0..<fused.space.count where isImage == (id >= 706) {
                guard let row = fused.spelling(of: id).flatMap({ numbers[$0] }) else { continue }
                compared += 1
                for place in tokens.indices {
                    let difference = found[place * rows + id] - expected[place * width + row]
                    worst = max(worst, difference.magnitude)
                }
            }
            #expect(worst < 1e-5, "\(parent.role)")
            #expect(compared == (isImage ? 138 : 706))
        }
    }

    /// Prevents a zero row in the first position, where the gradients of all norms explode.
    @Test("The image tower reads the text parent's special tokens as its end of text")
    func specialTokensAreReadAsTheEndOfText() throws {
        let scratch = try ScratchFolder()
        let fusion = try Fusion(
            scratch,
            text: TinyParent.write(
                "text",
                TinyParent.config(.llama, width: 16, layers: 2, vocabulary: 712),
                seed: 1,
                tokenizer: TinyParent.tokenizer("llama3"),
                in: scratch
            ),
            image: TinyParent.write("image", TinyParent.config(), seed: 2, in: scratch),
            vocabulary: .union
        )
        let output = try fusion.run(
            FusionRecipe(.cross(every: 1, direction: .both, start: .preserving()))
        )
        let (text, image) = (fusion.parents.text.tokenizer, fusion.parents.image)
        let width = image.config.hiddenSize
        let table = "model.embed_tokens.weight"
        let end = image.tokenizer.space[.end]
        let own = try image.folder.floats(of: table)[end * width..<(end + 1) * width]
        let found = try CheckpointFolder(output).floats(of: "towers.image.\(table)")
        let special = (0..<text.space.count).filter { !text.space.text.contains($0) }
        try #require(special.count > 3)
        for id in special { #expect(found[id * width..<(id + 1) * width] == own) }
    }

    /// Prevents input rows of the wrong token, or none where the parent knows the pieces.
    @Test("Input rows are matched or means of pieces or zero")
    func inputRowsAreMatchedOrMeansOfPiecesOrZero() throws {
        let fusion = try Self.unlike()
        let output = try fusion.run(
            FusionRecipe(.cross(every: 2, direction: .both, start: .preserving()))
        )
        let fused = try CheckpointFolder(output)
        let table = "model.embed_tokens.weight"
        let own = try fusion.parents.image.folder.floats(of: table)
        let found = try fused.floats(of: "towers.image.\(table)")
        let (text, image) = (fusion.parents.text.tokenizer, fusion.parents.image.tokenizer)
        let numbers = Self.ids(image, 840)
        var cases = (matched: 0, pieces: 0, zero: 0)
        for id in 0..<706 {
            let spelling = try #require(text.spelling(of: id))
            let row = found[id * 96..<(id + 1) * 96]
            if let known = numbers[spelling] {
                cases.matched += 1
                #expect(row == own[known * 96..<(known + 1) * 96][...], "\(id)")
            } else if id >= 701 {
                // This image parent has no end of text.
                cases.zero += 1
                #expect(row.allSatisfy { $0 == 0 })
            } else if spelling.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) {
                cases.pieces += 1
                // Letters alone are split by the parent's own way of reading texts.
                let pieces = image.encode(spelling)
                let mean = (0..<96).map { column in
                    pieces.reduce(Float(0)) { $0 + own[$1 * 96 + column] } / Float(pieces.count)
                }
                #expect(largestDifference(row, mean) < 1e-6)
            }
        }
        #expect(cases.matched > 600 && cases.pieces > 0 && cases.zero == 5)
        // The text tower has read no image code, and none of 20 added tokens.
        let ofText = try fused.floats(of: "towers.text.\(table)")
        #expect(ofText[706 * 64..<864 * 64].allSatisfy { $0 == 0 })
        let unused = try fusion.parents.text.folder.floats(of: table)[706 * 64..<712 * 64]
        #expect(Array(ofText[864 * 64..<870 * 64]) == Array(unused))
    }

    /// Prevents a table of the paper's start that is not each owner's.
    @Test("Paper table has the owners rows") func paperTableHasTheOwnersRows() throws {
        let fusion = try Self.alike()
        let output = try fusion.run(
            FusionRecipe(.cross(every: 1, direction: .both, start: .paper))
        )
        let table = "model.embed_tokens.weight"
        let text = try fusion.parents.text.folder.floats(of: table)
        let image = try fusion.parents.image.folder.floats(of: table)
        let found = try CheckpointFolder(output).floats(of: "embed_tokens.weight")
        let first = fusion.parents.image.tokenizer.space.image.lowerBound
        #expect(Array(found[..<(706 * 16)]) == Array(text[..<(706 * 16)]))
        #expect(Array(found[706 * 16..<834 * 16]) == Array(image[first * 16..<(first + 128) * 16]))
        #expect(try TinyParent.logits(output).allSatisfy(\.isFinite))
    }

    /// Prevents shares and halves that forget what only one parent has.
    @Test("Uniform and width join vocabularies") func uniformAndWidthJoinVocabularies() throws {
        let fusion = try Self.alike()
        let table = "model.embed_tokens.weight"
        let text = try fusion.parents.text.folder.floats(of: table)
        let image = try fusion.parents.image.folder.floats(of: table)
        let code = fusion.parents.image.tokenizer.space.image.lowerBound
        let letter = try #require(fusion.parents.text.tokenizer.encode("a").first)
        let other = try #require(fusion.parents.image.tokenizer.encode("a").first)

        let quarter = FusionRecipe(.uniform(textShare: 0.25))
        let mean = try CheckpointFolder(fusion.run(quarter, to: "u")).floats(of: table)
        for column in 0..<16 {
            let both = 0.25 * text[letter * 16 + column] + 0.75 * image[other * 16 + column]
            #expect(abs(mean[letter * 16 + column] - both) < 1e-6)
            #expect(mean[706 * 16 + column] == image[code * 16 + column])
            #expect(mean[701 * 16 + column] == text[701 * 16 + column])
        }
        let width = FusionMethod.width(offDiagonal: .zero, norm: .halves)
        let wide = try CheckpointFolder(fusion.run(FusionRecipe(width), to: "w")).floats(of: table)
        #expect(wide[letter * 32..<letter * 32 + 16] == text[letter * 16..<letter * 16 + 16][...])
        #expect(Array(wide[706 * 32..<706 * 32 + 16]) == [Float](repeating: 0, count: 16))
        #expect(Array(wide[706 * 32 + 16..<707 * 32]) == Array(image[code * 16..<(code + 1) * 16]))
    }

    /// Prevents a plan that does not say how rows are made.
    @Test("Plan counts cases") func planCountsCases() throws {
        let plan = try Self.unlike().plan(
            .cross(every: 2, direction: .both, start: .preserving())
        )
        #expect(
            plan.description.contains(
                """
                union     in T  in I  made of
                ────────  ────  ────  ────────────────────────────────────────
                """
            )
        )
        let options = try JSONReader(plan.json, source: "plan").nested("options")
        #expect(try options.string("vocabulary") == "union")
        let union = try JSONReader(plan.json, source: "plan").nested("tokens").nested("union")
        let image = try union.nested("image")
        let counts = try ["matched", "pieces", "absent", "unused"].map { try image.integer($0) }
        #expect(counts.reduce(0, +) == 870)
        #expect(try union.nested("text").integer("absent") == 158)
    }

    /// Prevents two sets of image codes from being taken for one.
    @Test("Unlike image codes are refused") func unlikeImageCodesAreRefused() throws {
        let scratch = try ScratchFolder()
        let config = TinyParent.config()
        let text = try TinyParent.write("text", config, seed: 1, in: scratch)
        let image = try TinyParent.write("image", config, seed: 2, imageCodes: 12, in: scratch)
        #expect(throws: TokenUnionError.imageCodes(text: 16, image: 12)) {
            _ = try Parents(text: text, image: image, vocabulary: .union)
        }
    }
}
