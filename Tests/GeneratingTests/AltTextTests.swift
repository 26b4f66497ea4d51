import Basics
import Decoders
import Documents
import Foundation
import Generating
import JamTesting
import Models
import Tensors
import Testing
import Vocabulary

/// Answers of models that say what they are going to draw, after `<alt>`.
@Suite struct AltTextTests {
    private static func tokenizer() throws -> Tokenizer {
        try TinyModel.tokenizer().appending(specialTokens: [.altText], imageCodeCount: 0)
    }

    /// Our frame with images of two codes.
    private static func frames() throws -> (space: TokenSpace, headers: FrameHeaders) {
        let tokenizer = try tokenizer()
        let size = GridSize(height: 1, width: 2)
        let layout = try FrameLayout(.ours, in: tokenizer, usualSize: size)
        return (tokenizer.space, FrameHeaders(layout, sizes: [size]))
    }

    private enum Next: CaseIterable { case text, alt, start, end }

    /// Prevents an alternative text without its image, and one that leaves no room for it.
    @Test("An alternative text ends in its image") func endsInItsImage() throws {
        struct Line {
            let images: ClosedRange<Int>
            let tokens: Int
            let room: Int
            let fed: [Next]
            let allowed: Set<Next>
            /// Where each image begins with its alternative text.
            var allowedInConversations: Set<Next>?
        }
        func line(
            _ images: ClosedRange<Int>,
            _ tokens: Int,
            _ room: Int,
            _ fed: [Next],
            _ allowed: Set<Next>,
            inConversations: Set<Next>? = nil
        ) -> Line {
            Line(
                images: images,
                tokens: tokens,
                room: room,
                fed: fed,
                allowed: allowed,
                allowedInConversations: inConversations
            )
        }
        let table = [
            line(
                0...1,
                100,
                100,
                [],
                [.text, .alt, .start, .end],
                inConversations: [.text, .alt, .end]
            ),
            line(0...0, 100, 100, [], [.text, .end]),
            line(1...1, 100, 100, [], [.text, .alt, .start], inConversations: [.text, .alt]),
            line(0...1, 0, 100, [], [.alt, .start, .end], inConversations: [.alt, .end]),
            line(0...1, 100, 100, [.text, .alt], [.text, .start]),
            line(0...1, 100, 100, [.alt, .text, .text], [.text, .start]),
            line(0...1, 2, 100, [.alt, .text, .text], [.text, .start]),
            // An image and `<eos>` need four tokens, `<alt>` one more.
            line(0...1, 100, 4, [], [.text, .start, .end]),
            line(
                0...1,
                100,
                5,
                [],
                [.text, .alt, .start, .end],
                inConversations: [.text, .alt, .end]
            ),
            line(0...1, 100, 5, [.alt], [.start]),
            line(0...1, 100, 6, [.alt], [.text, .start]),
            line(2...2, 100, 8, [], [.text, .alt, .start], inConversations: [.text, .alt]),
            line(2...2, 100, 8, [.alt], [.start]),
        ]
        let (space, headers) = try Self.frames()
        for (line, isConversation) in table.flatMap({ [($0, false), ($0, true)] }) {
            var machine = InterleavingMachine(
                space: space,
                frames: headers,
                images: line.images,
                start: isConversation ? .continuedAnswer : .document,
                maximumTextTokens: line.tokens,
                room: line.room
            )
            func token(_ next: Next) -> TokenID {
                switch next {
                case .text: space.text.ranges[0].lowerBound
                case .alt: space[.altText]
                case .start: headers.layout.start
                case .end: space[.end]
                }
            }
            for next in line.fed { _ = machine.advance(by: token(next)) }
            let ranges = machine.allowed
            let allowed = Next.allCases.filter { next in
                ranges.contains { $0.contains(token(next)) }
            }
            let expected = isConversation ? line.allowedInConversations : nil
            #expect(Set(allowed) == expected ?? line.allowed, "\(line)")
        }
    }

    @Test("An alternative text has at most 48 tokens") func hasAnEnd() throws {
        let (space, headers) = try Self.frames()
        var machine = InterleavingMachine(
            space: space,
            frames: headers,
            images: 0...1,
            maximumTextTokens: 100,
            room: 100
        )
        #expect(machine.advance(by: space[.altText]) == .altStart)
        for _ in 0..<48 {
            #expect(machine.advance(by: space.text.ranges[0].lowerBound) == .altText)
        }
        let allowed = machine.allowed
        #expect(allowed == [headers.layout.start..<headers.layout.start + 1])
        #expect(machine.advance(by: headers.layout.start) == .imageStart)
    }

    /// Prevents an image that begins in the middle of a line, and a line that says nothing.
    @Test("An alternative text ends with its line") func endsWithItsLine() throws {
        let (space, headers) = try Self.frames()
        let text = space.text.ranges[0].lowerBound
        let lineEnd = text + 1
        func machine() -> InterleavingMachine {
            InterleavingMachine(
                space: space,
                frames: headers,
                images: 0...1,
                lineEnd: lineEnd,
                maximumTextTokens: 100,
                room: 100
            )
        }
        var short = machine()
        _ = short.advance(by: space[.altText])
        #expect(!short.allowed.contains { $0.contains(lineEnd) })
        _ = short.advance(by: text)
        #expect(!short.allowed.contains { $0.contains(headers.layout.start) })
        #expect(short.advance(by: lineEnd) == .altText)
        #expect(short.allowed == [headers.layout.start..<headers.layout.start + 1])
        var long = machine()
        _ = long.advance(by: space[.altText])
        for _ in 0..<47 { _ = long.advance(by: text) }
        #expect(long.allowed == [lineEnd..<lineEnd + 1])
        _ = long.advance(by: lineEnd)
        #expect(long.allowed == [headers.layout.start..<headers.layout.start + 1])
    }

    /// Prevents an alternative text that is shown as words, lost, or put to another image, and a
    /// guide that reads it.
    @Test("Images have the text before them", arguments: [TinyModel.llama, .keepingText])
    func imagesHaveTheTextBeforeThem(kind: TinyModel) throws {
        let tokenizer = try Self.tokenizer()
        let space = tokenizer.space
        let network = try kind.make(vocabularySize: space.count, codes: space.image)
        let model = try MultimodalModel(
            network,
            DocumentTokenizer(tokenizer, GrayTokenizer()),
            contextLength: 200
        )
        var described = 0
        for seed in 0..<120 as Range<UInt64> {
            let options = AnswerOptions(
                text: .sampled(temperature: 2, topP: 1),
                images: .greedy,
                guidances: [.classifierFree(3)],
                imageCount: 2...3,
                maximumTextTokens: 12,
                seed: seed
            )
            var announced: [String] = []
            let answer = try model.generate(prompts[0], options) { event in
                if case .altText(let text) = event { announced.append(text) }
            }
            var (texts, altTexts): ([String], [String?]) = ([], [])
            var run: [TokenID] = []
            var isAlt = false
            for token in answer.tokens {
                if space.text.contains(token) {
                    run.append(token)
                    continue
                }
                if !isAlt, !run.isEmpty { texts.append(tokenizer.decode(run)) }
                if token == space[.imageStart] {
                    let text = isAlt ? tokenizer.decode(run).trimmed : ""
                    altTexts.append(text.isEmpty ? nil : text)
                }
                isAlt = token == space[.altText]
                run = []
            }
            if !run.isEmpty { texts.append(tokenizer.decode(run)) }
            #expect(answer.document.texts == texts)
            let images = answer.document.segments.filter { $0.content.isImage }
            #expect(images.map(\.altText) == altTexts)
            #expect(announced == altTexts.compactMap(\.self))
            described += announced.count

            let start = try model.tokenizer.encode(prompts[0], isPrompt: true).tokens
            for (index, token) in answer.tokens.enumerated() where space.image.contains(token) {
                let before = start + answer.tokens[..<index]
                let (c, u) = try withTorchErrors {
                    try withoutGradients { (try logits(before), try logits(masked(before))) }
                }
                let highest = try #require(space.image.map { c[$0] }.max())
                let least = highest + Float(log(0.1))
                let plausible = space.image.filter { c[$0] >= least }
                let guided: [Float] = plausible.map { u[$0] + 3 * (c[$0] - u[$0]) }
                let place = try #require(plausible.firstIndex(of: token))
                #expect(abs(guided[place] - (try #require(guided.max()))) < 1e-4)
            }
        }
        #expect(described >= 3)

        func logits(_ tokens: [TokenID]) throws -> [Float] {
            let states = network.hiddenStates(Tensor(tokens, [1, tokens.count]), cache: nil)
            return try network.head.logits(
                states.narrowed(1, tokens.count - 1..<tokens.count)
            ).floats()
        }
        func masked(_ tokens: [TokenID]) -> [TokenID] {
            tokens.reduce(into: []) { result, token in
                if !space.text.contains(token) {
                    result.append(token)
                } else if result.last != space[.mask(0)] {
                    result.append(space[.mask(0)])
                }
            }
        }
    }
}

extension Segment.Content {
    fileprivate var isImage: Bool { if case .image = self { true } else { false } }
}
