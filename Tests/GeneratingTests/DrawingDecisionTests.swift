import Basics
import Documents
import Generating
import Testing
import Vocabulary

/// Answers of models that decide by their first token whether they draw.
@Suite struct DrawingDecisionTests {
    private enum Next: CaseIterable { case text, draw, tell, alt, start, end }

    /// Our frame with images of two codes: an image and `<eos>` need four tokens.
    private static func frames() throws -> (space: TokenSpace, headers: FrameHeaders) {
        let tokenizer = try TinyModel.tokenizer()
            .appending(specialTokens: [.altText, .drawing, .telling], imageCodeCount: 0)
        let size = GridSize(height: 1, width: 2)
        let layout = try FrameLayout(.ours, in: tokenizer, usualSize: size)
        return (tokenizer.space, FrameHeaders(layout, sizes: [size]))
    }

    private struct Line {
        var images: ClosedRange<Int>
        var tokens = 100
        var room = 100
        var start = InterleavingMachine.Start.answer
        var fed: [Next] = []
        var allowed: Set<Next>
    }

    /// Prevents an image in an answer whose first token is a word, an end before the image that was
    /// decided on, an image in place of the words, and a decision where no image is wanted or fits.
    @Test("The first token decides whether an answer has images") func firstTokenDecides() throws {
        let table = [
            Line(images: 0...2, allowed: [.text, .draw, .tell, .end]),
            Line(images: 0...2, fed: [.text], allowed: [.text, .end]),
            Line(images: 0...2, fed: [.tell], allowed: [.text]),
            Line(images: 0...2, fed: [.tell, .text], allowed: [.text, .alt]),
            Line(images: 0...2, fed: [.draw], allowed: [.alt]),
            Line(images: 1...2, allowed: [.draw, .tell]),
            Line(images: 2...2, room: 9, allowed: [.draw, .tell]),
            Line(images: 2...2, room: 8, allowed: [.draw]),
            Line(images: 0...0, allowed: [.text, .end]),
            // No room for a decision: as it would be without one.
            Line(images: 1...1, room: 4, allowed: [.start]),
            Line(images: 0...1, room: 4, allowed: [.text, .start, .end]),
            Line(images: 0...1, room: 5, allowed: [.text, .draw, .end]),
            Line(images: 0...1, room: 5, fed: [.draw], allowed: [.start]),
            Line(images: 0...1, room: 6, fed: [.tell, .text], allowed: [.start]),
            // No text is left, but the image that was decided on is drawn.
            Line(images: 0...1, tokens: 1, fed: [.tell, .text], allowed: [.alt]),
            Line(images: 0...1, tokens: 0, allowed: [.draw, .end]),
            // Elsewhere nothing is decided.
            Line(images: 0...2, start: .document, allowed: [.text, .alt, .start, .end]),
            Line(images: 0...2, start: .continuedAnswer, allowed: [.text, .alt, .end]),
        ]
        let (space, headers) = try Self.frames()
        for line in table {
            var machine = InterleavingMachine(
                space: space,
                frames: headers,
                images: line.images,
                start: line.start,
                maximumTextTokens: line.tokens,
                room: line.room
            )
            func token(_ next: Next) -> TokenID {
                switch next {
                case .text: space.text.ranges[0].lowerBound
                case .draw: space[.drawing]
                case .tell: space[.telling]
                case .alt: space[.altText]
                case .start: headers.layout.start
                case .end: space[.end]
                }
            }
            for next in line.fed {
                let element = machine.advance(by: token(next))
                #expect(element == ([.draw, .tell].contains(next) ? .decision : .text))
            }
            let ranges = machine.allowed
            let allowed = Next.allCases.filter { next in
                ranges.contains { $0.contains(token(next)) }
            }
            #expect(Set(allowed) == line.allowed, "\(line)")
        }
    }
}
