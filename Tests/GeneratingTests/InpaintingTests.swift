import Decoders
import Documents
import Foundation
import Generating
import JamTesting
import Layers
import Models
import Tensors
import Testing
import Vocabulary

@Suite struct InpaintingTests {
    private let image = GrayTokenizer().decode([[1, 2, 3, 4]])[0]

    private func options(_ guidance: Guidance = .classifierFree(1)) throws -> AnswerOptions {
        AnswerOptions(
            images: .greedy,
            guidances: [guidance],
            imageCount: 0...0,
            seed: 1
        )
    }

    private func region(_ text: String) throws -> ImageRegion {
        let numbers = text.split(separator: ",").compactMap { Int($0) }
        return try #require(
            ImageRegion(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
        )
    }

    /// Prevents a mask from being filled with anything but what the CM3 order makes likely, and the
    /// rest of the image from changing.
    @Test(
        "Fills the mask",
        arguments: TinyModel.allCases,
        [("0,0,1,1", 0..<1, []), ("1,0,1,2", 1..<4, [2]), ("0,0,2,2", 0..<4, [])]
            as [(String, Range<Int>, [Int])]
    )
    func fillsTheMask(kind: TinyModel, mask: (String, Range<Int>, [Int])) throws {
        let (text, span, known) = mask
        let generator = try kind.generator()
        let space = generator.tokenizer.space
        let answer = try generator.inpaint(
            [Inpainting(image, region(text), caption: "a cat")],
            options()
        )[0]
        let old = [1, 2, 3, 4]
        let codes = try #require(answer.codes.first)
        for place in 0..<4 where !span.contains(place) || known.contains(place) {
            #expect(codes[place] == old[place])
        }
        func imageTokens(_ codes: ArraySlice<Int>) -> [TokenID] {
            codes.map(space.token(imageCode:))
        }
        let around = [imageTokens(old[..<span.lowerBound]), imageTokens(old[span.upperBound...])]
        var start = [space[.end]] + generator.tokenizer.text.encode("a cat") + [space[.imageStart]]
        start += around[0] + [space[.mask(0)]] + around[1] + [space[.infill], space[.mask(0)]]
        #expect(answer.tokens == imageTokens(codes[span]))
        for place in span where !known.contains(place) {
            let before = start + imageTokens(codes[span.lowerBound..<place])
            let logits = try withTorchErrors {
                try withoutGradients {
                    let tokens = Tensor(before, [1, before.count])
                    let hiddenStates = generator.network.hiddenStates(tokens, cache: nil)
                    let last = hiddenStates.narrowed(1, before.count - 1..<before.count)
                    return try generator.network.head.restricted(to: space.image).logits(last)
                        .floats()
                }
            }
            let best = try #require(logits.max())
            #expect(best - logits[codes[place]] < 1e-4)
        }
        #expect(answer.finishReason == .end)
        #expect(answer.document.images == GrayTokenizer().decode([codes]))
    }

    /// Prevents inpaintings side by side, with unconditional branches, from seeing each other.
    @Test("Batch equals singles", arguments: TinyModel.allCases)
    func batchEqualsSingles(kind: TinyModel) throws {
        let generator = try kind.generator()
        let batch = try ["0,0,1,1", "0,0,2,2", "1,1,1,1"].map {
            try Inpainting(image, region($0), caption: "a dog \($0)")
        }
        let together = try generator.inpaint(batch, options(.classifierFree(4)))
        for (inpainting, answer) in zip(batch, together) {
            let alone = try generator.inpaint([inpainting], options(.classifierFree(4)))[0]
            #expect(alone.codes == answer.codes)
        }
    }

    /// Prevents a region that shows what will not be there, or another part of the image as undone.
    @Test(
        "Shows each row of the region",
        arguments: [("0,0,1,2", [1]), ("1,0,1,2", [1]), ("0,0,2,2", [2])]
    )
    func showsRows(text: String, counts: [Int]) throws {
        let generator = try TinyModel.llama.generator()
        var options = try options()
        options.sendsPartialImages = true
        var shown: [(count: Int, image: Image)] = []
        var count = 0
        let answer = try generator.inpaint(
            [Inpainting(image, region(text), caption: "a cat")],
            options
        ) { _, event in
            if case .imageProgress(let now, _) = event { count = now }
            if case .partialImage(let image) = event { shown.append((count, image)) }
        }[0]
        #expect(shown.map(\.count) == counts)
        let whole = try #require(answer.document.images.first)
        for (_, partial) in shown {
            // The first row is there, the second as it was.
            for x in 0..<2 {
                #expect(partial[x, 0] == whole[x, 0])
                #expect(partial[x, 1] == image[x, 1])
            }
        }
    }

    /// Prevents a changed pixel outside the region, where the image is larger than the model's.
    @Test("Keeps all else") func keepsAllElse() throws {
        let generator = try TinyModel.llama.generator()
        var large = Image(width: 6, height: 4, fill: Color(red: 70, green: 70, blue: 70))
        large.fill(x: 3, y: 0, width: 3, height: 4, Color(red: 200, green: 200, blue: 200))
        let answer = try generator.inpaint(
            [Inpainting(large, region("4,0,1,1"), caption: "")],
            options()
        )[0]
        let shown = try #require(answer.document.images.first)
        let seen = large.square(side: 2)
        for (x, y) in [(0, 0), (0, 1), (1, 1)] { #expect(shown[x, y] == seen[x, y]) }
    }

    /// Prevents codes that a pixel only partly lies in from being left as they were.
    @Test(
        "Takes all codes that are touched",
        arguments: [("0,0,3,3", 4), ("0,0,2,1", 2), ("0,0,1,1", 1), ("2,2,1,1", 1)]
    )
    func takesAllCodesThatAreTouched(text: String, count: Int) throws {
        let generator = try TinyModel.llama.generator()
        let odd = Image(width: 3, height: 3, fill: .white)
        let answer = try generator.inpaint(
            [Inpainting(odd, region(text), caption: "")],
            options()
        )[0]
        #expect(answer.tokens.count == count)
    }

    @Test("Refuses guidance by image") func refusesGuidanceByImage() throws {
        let generator = try TinyModel.llama.generator()
        let whole = try Inpainting(image, region("0,0,2,2"), caption: "")
        let error = #expect(throws: SettingError.self) {
            try generator.inpaint([whole], options(.editing(text: 3, image: 1.5)))
        }
        #expect(error?.setting == .imageGuidance)
    }

    // Prevents: guidance by image that reaches every second inpainting unseen.
    @Test("Refuses alternate guidance by image") func refusesAlternateGuidanceByImage() throws {
        let generator = try TinyModel.llama.generator()
        var options = try options(.classifierFree(2))
        options.alternateGuidance = .editing(text: 3, image: 1.5)
        let whole = try Inpainting(image, region("0,0,2,2"), caption: "")
        let error = #expect(throws: SettingError.self) {
            try generator.inpaint([whole], options)
        }
        #expect(error?.setting == .imageGuidance)
    }

    @Test("Refuses regions") func refusesRegions() throws {
        let generator = try TinyModel.llama.generator()
        #expect(ImageRegion(x: 0, y: 0, width: 0, height: 1) == nil)
        #expect(ImageRegion(x: -1, y: 0, width: 1, height: 1) == nil)
        #expect(ImageRegion(x: 1, y: .max, width: 1, height: 1) == nil)
        let outside = try region("1,1,2,1")
        let error = #expect(throws: SettingError.self) {
            try generator.inpaint([Inpainting(image, outside, caption: "")], options())
        }
        #expect(
            error?.description
                == "region 1,1,2,1: expected a region inside the image, which has 2×2 pixels"
        )
        // The left edge of a wide image is cropped away.
        let wide = Image(width: 8, height: 2, fill: .white)
        let unseen = try Inpainting(wide, region("0,0,2,2"), caption: "")
        #expect(throws: SettingError.self) { try generator.inpaint([unseen], options()) }
    }
}
