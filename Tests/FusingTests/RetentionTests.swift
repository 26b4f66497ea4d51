import Checkpoints
import Decoders
import Foundation
import Fusing
import JamTesting
import Testing
import Vocabulary

/// What a fusion that keeps the text parent's words promises before any training.
@Suite struct RetentionTests {
    private static let textRows = 706

    private struct Arm: Sendable, CustomTestStringConvertible {
        var tied = true
        var gate = CrossConfig.Gate.none
        var head = CrossTextHead.seeing
        var untrained: String?
        var attends = CrossConfig.Attends.foreign

        var testDescription: String { "tied \(tied), gate \(gate), head \(head)" }

        var recipe: FusionRecipe {
            var options = CrossOptions(every: 2, start: .preserving(untrained: untrained))
            options.reads.text = .own
            options.attends.text = attends
            options.gate = gate
            options.textHead = head
            return FusionRecipe(.cross(options), vocabulary: .union)
        }
    }

    private static let arms = [
        Arm(), Arm(tied: false), Arm(gate: .scalar), Arm(gate: .vector, head: .own),
        Arm(untrained: "<|system|>", attends: .all),
    ]

    private static func fusion(tied: Bool) throws -> Fusion {
        try Fusion.union(
            TinyParent.config(.llama, width: 64, layers: 4, vocabulary: 712, tied: tied),
            TinyParent.config(.chameleon, width: 96, layers: 6, vocabulary: 840)
        )
    }

    /// Prevents a sum over both towers, whose order differs in the last bits, and positions that
    /// image tokens take from the text tower.
    @Test("Text tokens have the text parent's logits, bit for bit", arguments: arms)
    private func textHasTheTextParentsLogits(arm: Arm) throws {
        let fusion = try Self.fusion(tied: arm.tied)
        let output = try fusion.run(arm.recipe)
        let config = try ModelFolder(output).config
        let codes = try Tokenizer(contentsOf: URL(filePath: output)).space.image
        let text = (0..<30).map { $0 * 23 % Self.textRows }
        let parent = fusion.parents.text
        let (rows, width) = (config.vocabularySize, parent.config.vocabularySize)
        let expected = try TinyParent.logits(parent.folder.path, text)

        /// The largest difference of the text logits at some places.
        func difference(_ tokens: [Int], _ places: [Int]) throws -> Float {
            let found = try TinyParent.logits(output, tokens)
            return zip(places, text.indices).map { place, source in
                largestDifference(
                    found[place * rows..<place * rows + Self.textRows],
                    expected[source * width..<source * width + Self.textRows]
                )
            }.max() ?? .infinity
        }
        #expect(try difference(text, Array(text.indices)) == 0)
        // Two images, one of them before all text. With zero output projections or gates, bridges
        // add zeros. On some processors the last bits of a product depend on how many positions a
        // pass has.
        let images = [Array(codes.prefix(9)), Array(codes.suffix(7))]
        let mixed = images[0] + text.prefix(12) + images[1] + text.suffix(18)
        let places = Array(9..<21) + Array(28..<46)
        #expect(try difference(mixed, places) < 1e-5)
        // What comes after an image is predicted as it would be without it.
        #expect(try difference(mixed, Array(9..<20) + [27]) < 1e-5)
    }

    /// Prevents an image tower that passes over the question.
    @Test("Image codes have the image parent's logits") func codesHaveTheImageParentsLogits() throws
    {
        let fusion = try Self.fusion(tied: true)
        let output = try fusion.run(Arm().recipe)
        let fused = try Tokenizer(contentsOf: URL(filePath: output))
        let image = fusion.parents.image
        let own = Array(image.tokenizer.space.image.prefix(12))
        let tokens = Array(fused.space.image.prefix(12))
        let found = try TinyParent.logits(output, tokens)
        let expected = try TinyParent.logits(image.folder.path, own)
        let rows = found.count / tokens.count
        for place in tokens.indices {
            for (code, ownCode) in zip(fused.space.image, image.tokenizer.space.image) {
                let difference = found[place * rows + code] - expected[place * 840 + ownCode]
                #expect(difference.magnitude < 1e-5)
            }
        }
    }

    @Test("The paper's start has one head") func thePapersStartHasOneHead() throws {
        var options = CrossOptions(every: 2, start: .paper)
        options.textHead = .own
        let fusion = try UnionTests.alike()
        let error = #expect(throws: FusionError.self) {
            try fusion.plan(FusionRecipe(.cross(options), vocabulary: .union))
        }
        #expect(error == .textHead("own"))
    }

    @Test("Own text rows need image tokens at the end") func ownTextRowsNeedImageTokensAtTheEnd()
        throws
    {
        let scratch = try ScratchFolder()
        let fusion = try Fusion(
            scratch,
            text: TinyParent.write("text", TinyParent.config(), seed: 1, in: scratch),
            image: TinyParent.write("image", TinyParent.config(), seed: 2, in: scratch)
        )
        var options = CrossOptions(every: 1)
        options.textHead = .seeing
        let error = #expect(throws: FusionError.self) {
            try fusion.plan(FusionRecipe(.cross(options)))
        }
        #expect(error == .textRows("seeing"))
    }
}
