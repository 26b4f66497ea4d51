import Documents
import Generating
import Models
import Testing
import Vocabulary

@Suite struct FrameAnswerTests {
    private func options(
        _ guidances: [Guidance] = [.usual],
        images: ClosedRange<Int> = 2...2,
        seed: UInt64 = 3
    ) -> AnswerOptions {
        AnswerOptions(
            guidances: guidances,
            imageCount: images,
            maximumTextTokens: 6,
            seed: seed
        )
    }

    /// Prevents an answer that its model could not have been trained on, and a frame that a batch or
    /// guidance puts out of step.
    @Test("Answers in its frame", arguments: TinyFrame.allCases, TinyModel.allCases)
    func answersInItsFrame(frame: TinyFrame, kind: TinyModel) throws {
        let generator = try frame.generator(kind)
        let tokenizer = generator.tokenizer
        let layout = try tokenizer.requiredFrame()
        let guidances = [Guidance.usual, .editing(text: 2, image: 1.5)]
        var events: [Int: [(Int, Int)]] = [:]
        let answers = try generator.generate(prompts, options(guidances)) { index, event in
            guard case .imageProgress(let count, let total) = event else { return }
            events[index, default: []].append((count, total))
        }
        for (index, answer) in answers.enumerated() {
            let parsed = try #require(ParsedAnswer(answer.tokens, layout, tokenizer.space))
            #expect(parsed.sizes.count == 2)
            #expect(answer.codeColumns == parsed.sizes.map(\.width))
            #expect(answer.codes.map(\.count) == parsed.sizes.map(\.count))
            #expect(
                answer.document.images.map { [$0.height, $0.width] }
                    == parsed.sizes.map { [$0.height, $0.width] }
            )
            let expected = parsed.sizes.flatMap { size in (0...size.count).map { ($0, size.count) }
            }
            #expect(events[index]?.map(\.0) == expected.map(\.0))
            #expect(events[index]?.map(\.1) == expected.map(\.1))
            #expect(answer.counts.image == parsed.sizes.reduce(0) { $0 + $1.count })
        }
        // Alone, an answer is the same as in a batch.
        let alone = try generator.generate(prompts[0], options(guidances))
        #expect(alone.tokens == answers[0].tokens)
    }

    @Test("The size can be set", arguments: [TinyFrame.lumina, .emu3])
    func theSizeCanBeSet(frame: TinyFrame) throws {
        let generator = try frame.generator(.llama)
        var options = options()
        options.imageSize = ImageSize(width: 4, height: 2)
        let answer = try generator.generate(prompts[0], options)
        #expect(answer.document.images.map { [$0.width, $0.height] } == [[4, 2], [4, 2]])
        options.imageSize = ImageSize(width: 40, height: 2)
        let error = #expect(throws: SettingError.self) {
            try generator.generate(prompts[0], options)
        }
        #expect(error?.setting == .imageSize)
        let ours = try TinyFrame.ours.generator(.llama)
        options.imageSize = ImageSize(width: 4, height: 2)
        let other = #expect(throws: SettingError.self) { try ours.generate(prompts[0], options) }
        #expect(
            other?.description
                == "imageSize 4x2: expected 2x2, the only size of this model's images"
        )
        options.imageSize = ImageSize(width: 2, height: 2)
        #expect(try ours.generate(prompts[0], options).codes.map(\.count) == [4, 4])
    }

    /// Prevents what lies around a region from changing in images that are not square.
    @Test("Inpaints in its frame", arguments: TinyFrame.allCases)
    func inpaintsInItsFrame(frame: TinyFrame) throws {
        let generator = try frame.generator(.llama)
        let layout = try generator.tokenizer.requiredFrame()
        let size = layout.size(forWidth: 4, height: 2)
        let codes = (0..<size.count).map { ($0 * 3 + 1) % 8 }
        let image = GrayTokenizer().decode([codes], of: size)[0]
        let region = try #require(
            ImageRegion(x: size.width - 1, y: 0, width: 1, height: size.height)
        )
        let answer = try generator.inpaint(
            [Inpainting(image, region, caption: "a cat")],
            options([.usual])
        )[0]
        let found = try #require(answer.codes.first)
        for (place, code) in codes.enumerated() where place % size.width != size.width - 1 {
            #expect(found[place] == code)
        }
        #expect(answer.codeColumns == [size.width])
        let framed = layout.framed(found, size)
        let span =
            layout.place(ofCode: size.width - 1, in: size)..<layout.place(
                ofCode: size.count - 1,
                in: size
            ) + 1
        let tokens = Array(framed.tokens.dropFirst(framed.codes.lowerBound))
        #expect(answer.tokens == Array(tokens[span]))
    }

    @Test("Shows images of any aspect ratio") func showsImagesOfAnyAspectRatio() throws {
        let tokenizer = try TinyFrame.lumina.generator(.llama).tokenizer
        let wide = Image(width: 40, height: 20, fill: .black)
        let high = Image(width: 20, height: 40, fill: .black)
        let sequences = try tokenizer.encode([Document([.image(wide), .image(high)])])
        let frame = try tokenizer.requiredFrame()
        let codes = Array(repeating: 0, count: 8)
        let expected = [GridSize(height: 2, width: 4), GridSize(height: 4, width: 2)].flatMap {
            frame.framed(codes, $0).tokens
        }
        #expect(Array(sequences[0].tokens.dropFirst().dropLast()) == expected)
    }
}
