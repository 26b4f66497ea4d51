import Basics
import Documents
import Foundation
import Testing
import Vocabulary

/// Images as the processors of published models write them; see `Fixtures/frames.py`.
struct FrameFixture {
    struct Case {
        let frame: String
        let size: GridSize
        let codes: [Int]
        let ids: [TokenID]
    }

    let tokenizer: Tokenizer
    let cases: [Case]

    init(_ name: String) throws {
        let reader = try JSONReader(Fixtures.json("frames"), source: "frames.json").nested(name)
        tokenizer = try Tokenizer(json: .object(reader.nested("tokenizer").object))
        cases = try reader.objects("cases").map { element in
            let element = try JSONReader(.object(element.object), source: "case")
            return Case(
                frame: try element.string("frame"),
                size: GridSize(
                    height: try element.integer("height"),
                    width: try element.integer("width")
                ),
                codes: try element.integers("codes"),
                ids: try element.integers("ids")
            )
        }
    }

    func layout(_ frame: ImageFrame? = nil, _ size: GridSize) throws -> FrameLayout {
        let published = try #require(ImageFrame(publishedFor: tokenizer))
        return try FrameLayout(frame ?? published, in: tokenizer, usualSize: size)
    }
}

extension ImageFrame {
    /// Lumina-mGPT's for few size tokens.
    static let smallLumina = ImageFrame(
        opening: ImageFrame.lumina.opening,
        size: VariableSize(
            .tokens("<reserved08801>"),
            step: 2,
            maximumCodes: 16,
            maximumRatio: 4
        ),
        rowEnd: ImageFrame.lumina.rowEnd,
        closing: ImageFrame.lumina.closing
    )
}

@Suite struct ImageFrameTests {
    /// Prevents images that a published model has never seen so.
    @Test("Writes images as their models do", arguments: ["chameleon", "emu3"])
    func writesImagesAsTheirModelsDo(name: String) throws {
        let fixture = try FrameFixture(name)
        for expected in fixture.cases {
            let frame = expected.frame == "lumina" ? ImageFrame.smallLumina : nil
            let layout = try fixture.layout(frame, expected.size)
            let framed = layout.framed(expected.codes, expected.size)
            #expect(framed.tokens == expected.ids, "\(expected)")
            #expect(layout.tokenCount(of: expected.size) == expected.ids.count)
            let codes = framed.tokens[framed.codes].filter(fixture.tokenizer.space.image.contains)
            #expect(codes.count == expected.codes.count)
            let ends = [framed.codes.lowerBound, framed.codes.upperBound - 1]
            #expect(ends.allSatisfy { fixture.tokenizer.space.image.contains(framed.tokens[$0]) })
        }
    }

    @Test("Finds the frame by its tokens") func findsTheFrameByItsTokens() throws {
        #expect(try ImageFrame(publishedFor: FrameFixture("chameleon").tokenizer) == .chameleon)
        #expect(try ImageFrame(publishedFor: FrameFixture("emu3").tokenizer) == .emu3)
        let ours = try BPETrainer().train(["a"], vocabularySize: 256, imageCodeCount: 4)
        #expect(ImageFrame(publishedFor: ours) == .ours)
        #expect(try ImageFrame(publishedFor: Fixtures.tokenizer("gpt2")) == nil)
    }

    @Test("Finds Emu3's codes") func findsEmu3sCodes() throws {
        let space = try FrameFixture("emu3").tokenizer.space
        #expect(space.image.count == 24)
        #expect(space.specialTokens[.imageStart] != nil)
    }

    @Test("A file says the same again", arguments: [ImageFrame.ours, .chameleon, .lumina, .emu3])
    func aFileSaysTheSameAgain(frame: ImageFrame) throws {
        #expect(try ImageFrame(JSONReader(frame.json, source: "f")) == frame)
    }

    @Test(
        "Refuses a file",
        arguments: [
            ("{}", "opening: is missing"),
            (#"{"opening": []}"#, "opening: is empty; at least one is expected"),
            (
                #"{"opening": ["a"], "size": {"max_codes": 4}}"#,
                #"size.tokens: either the token of one step or, as "text", what is between two "#
                    + "numbers is expected"
            ),
            (
                #"{"opening": ["a"], "size": {"tokens": "b", "max_codes": 4}}"#,
                #"size.tokens: "b" has no number"#
            ),
            (
                #"{"opening": ["a"], "size": {"text": "", "max_codes": 4}}"#,
                #"size.text: "" does not part two numbers"#
            ),
            (
                #"{"opening": ["a"], "size": {"text": "*", "max_codes": 4}}"#,
                "after_size: has no token, and a size in digits needs one"
            ),
            (
                #"{"opening": ["a"], "size": {"tokens": "b1", "max_codes": 4, "step": 4}}"#,
                "size.max_codes: is too small for an image of 4 × 4 codes"
            ),
            (#"{"opening": ["a"], "close": []}"#, "close: is not known"),
        ]
    )
    func refusesAFile(text: String, problem: String) throws {
        let error = #expect(throws: JSONFieldError.self) {
            try ImageFrame(JSONReader(JSON(parsing: Data(text.utf8)), source: "f"))
        }
        #expect(error?.description.hasPrefix("f: \(problem)") == true, "\(error as Any)")
    }

    @Test("Refuses tokens that a frame cannot have") func refusesTokensThatAFrameCannotHave() throws
    {
        let fixture = try FrameFixture("chameleon")
        let size = GridSize(height: 2, width: 3)
        func error(_ frame: ImageFrame) -> ImageFrameError? {
            #expect(throws: ImageFrameError.self) { try fixture.layout(frame, size) }
        }
        #expect(error(.emu3) == .noToken("<|image start|>"))
        #expect(error(.lumina) == .noToken("<reserved08809>"))
        #expect(error(ImageFrame(opening: ["IMGIMGAZ"])) == .notSpecial("IMGIMGAZ"))
        let twice = ImageFrame(opening: ["<racm3:break>"], closing: ["<racm3:break>"])
        #expect(error(twice) == .ambiguous("<racm3:break>"))
    }

    /// The list of Lumina-mGPT for 4 patches by hand, and the sizes of images.
    @Test("Chooses the size whose aspect ratio is nearest")
    func choosesTheSizeWhoseAspectRatioIsNearest() throws {
        let size = try #require(ImageFrame.smallLumina.size)
        #expect(
            size.all.map { [$0.height, $0.width] } == [
                [2, 2], [2, 4], [2, 6], [2, 8], [4, 2], [4, 4], [6, 2], [8, 2],
            ]
        )
        let best = [(100, 100), (200, 100), (100, 210), (1000, 10), (10, 1000), (310, 100)].map {
            size.best(forWidth: $0.0, height: $0.1)
        }
        #expect(
            best.compactMap(\.self).map { [$0.height, $0.width] } == [
                [4, 4], [2, 4], [4, 2], [2, 8], [8, 2], [2, 6],
            ]
        )
        let emu3 = try #require(ImageFrame.emu3.size)
        #expect(emu3.best(forWidth: 720, height: 720) == GridSize(height: 90, width: 90))
        #expect(emu3.contains(GridSize(height: 90, width: 90)))
        #expect(!emu3.contains(GridSize(height: 90, width: 91)))
        #expect(!emu3.contains(GridSize(height: 100, width: 19)))
        #expect(emu3.contains(GridSize(height: 100, width: 20)))
        let lumina = try #require(ImageFrame.lumina.size)
        #expect(lumina.best(forWidth: 512, height: 512) == GridSize(height: 32, width: 32))
    }

    /// Prevents the text of a size from being masked as what a user says, and a frame from being torn.
    @Test("A sequence keeps whole frames") func aSequenceKeepsWholeFrames() throws {
        let fixture = try FrameFixture("emu3")
        let tokenizer = try fixture.tokenizer.appending(
            specialTokens: [.end, .mask(0)],
            imageCodeCount: 0
        )
        let space = tokenizer.space
        let size = GridSize(height: 2, width: 2)
        let layout = try FrameLayout(.emu3, in: tokenizer, usualSize: size)
        let framed = layout.framed([3, 1, 4, 1], size)
        let bitmap = Image(width: 2, height: 2, pixels: Array(repeating: 7, count: 12))
        let sequence = try TokenSequence(
            Document([.text("a cat"), .image(bitmap), .text("a dog")]),
            in: space,
            prefix: [space[.end]],
            text: { text, _ in tokenizer.encode(text) },
            image: { _ in framed }
        )
        let (cat, dog) = (tokenizer.encode("a cat"), tokenizer.encode("a dog"))
        let end = [space[.end]]
        let mask = [space[.mask(0)]]
        #expect(sequence.tokens == end + cat + framed.tokens + dog + end)
        #expect(
            sequence.pieces.map { Array(sequence.tokens[$0.frame]) } == [cat, framed.tokens, dog]
        )
        #expect(sequence.pieces[1].range.count == 5)

        let masked = sequence.withoutText(in: space)
        #expect(masked.tokens == end + mask + framed.tokens + mask + end)
        #expect(
            masked.pieces.map { Array(masked.tokens[$0.frame]) } == [mask, framed.tokens, mask]
        )
        #expect(
            Array(masked.tokens[masked.pieces[1].range])
                == Array(sequence.tokens[sequence.pieces[1].range])
        )
        #expect(sequence.withoutAll(in: space) == end + mask + end)

        // What an image shows stands before it.
        let described = try tokenizer.appending(specialTokens: [.altText], imageCodeCount: 0)
        let alt = [described.space[.altText]]
        let line = try #require(described.space.lineEnd { tokenizer.encode($0) })
        #expect(tokenizer.decode([line]) == "\n")
        let withAlt = try TokenSequence(
            Document([.text("a cat"), .image(bitmap, altText: "a dog"), .image(bitmap)]),
            in: described.space,
            prefix: [space[.end]],
            text: { text, _ in tokenizer.encode(text) },
            image: { _ in framed }
        )
        #expect(
            withAlt.tokens == end + cat + alt + dog + [line] + framed.tokens + framed.tokens + end
        )
        #expect(withAlt.pieces.map(\.kind) == [.text, .text, .image, .image])
        #expect(Array(withAlt.tokens[withAlt.pieces[1].range]) == dog + [line])
        #expect(
            withAlt.withoutText(in: described.space).tokens
                == end + mask + alt + mask + framed.tokens + framed.tokens + end
        )

        let first = try TokenSequence(
            Document([.image(bitmap, altText: "a dog"), .text("a cat")]),
            in: described.space,
            prefix: [space[.end]],
            text: { text, _ in tokenizer.encode(text) },
            image: { _ in framed }
        )
        #expect(first.withoutAll(in: described.space) == end + mask + end)

        // Cut after the second code.
        let codes = sequence.pieces[1].range
        let cut = sequence.prefix(codes.lowerBound + 2)
        #expect(cut.pieces.map(\.range.count) == [cat.count, 2])
        #expect(cut.pieces[1].frame.upperBound == cut.tokens.count)
        #expect(sequence.prefix(codes.lowerBound).pieces.count == 1)
    }
}
