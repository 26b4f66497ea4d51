import Basics
import Generating
import Testing
import Vocabulary

/// Ten text tokens, five image codes, and special tokens before, between and after them.
private let space = TokenSpace(
    count: 40,
    text: 2..<12,
    image: 20..<25,
    specialTokens: [.padding: 0, .end: 1, .imageStart: 12, .infill: 13, .mask(0): 14, .user: 30]
)
private let text = 2..<12
private let codes = 20..<25
private let end = 1..<2
private let start = 12..<13

private func machine(
    _ images: ClosedRange<Int>,
    tokens: Int = 100,
    room: Int = 100,
    codesPerImage: Int = 2
) -> InterleavingMachine {
    InterleavingMachine(
        space: space,
        codesPerImage: codesPerImage,
        images: images,
        maximumTextTokens: tokens,
        room: room
    )
}

@Suite struct InterleavingMachineTests {
    /// Prevents an image from being cut, from being begun where it does not fit, and an answer
    /// from ending before it has what was asked for.
    @Test("Allows what the table says") func allowsWhatTheTableSays() throws {
        struct Line {
            var images: (Int, Int)
            var tokens = 100
            var room = 100
            var fed: [TokenID] = []
            var allowed: [Range<TokenID>]
            var phase = InterleavingMachine.Phase.text
        }
        let table = [
            Line(images: (0, 1), allowed: [end, text, start]),
            Line(images: (0, 0), allowed: [end, text]),
            Line(images: (1, 1), allowed: [text, start]),
            Line(images: (0, 1), fed: [3, 4], allowed: [end, text, start]),
            Line(images: (0, 1), fed: [12], allowed: [codes], phase: .image(codesLeft: 2)),
            Line(images: (0, 1), fed: [12, 20], allowed: [codes], phase: .image(codesLeft: 1)),
            Line(images: (0, 1), fed: [12, 20, 24], allowed: [end, text]),
            Line(images: (0, 2), fed: [12, 20, 24], allowed: [end, text, start]),
            Line(images: (2, 2), fed: [12, 20, 24], allowed: [text, start]),
            Line(images: (2, 2), fed: [12, 20, 24, 5, 12, 20, 20], allowed: [end, text]),
            Line(images: (0, 1), fed: [3, 1], allowed: [], phase: .finished(.end)),
            // An image needs its `<break>`, its codes and an `<eos>`.
            Line(images: (0, 1), room: 4, allowed: [end, text, start]),
            Line(images: (0, 1), room: 3, allowed: [end, text]),
            Line(images: (0, 1), room: 4, fed: [3], allowed: [end, text]),
            Line(images: (1, 1), room: 4, allowed: [start]),
            Line(images: (1, 2), room: 5, allowed: [text, start]),
            Line(images: (2, 2), room: 8, fed: [3], allowed: [start]),
            Line(images: (0, 0), room: 2, fed: [3], allowed: [], phase: .finished(.length)),
            Line(
                images: (1, 1),
                room: 4,
                fed: [12, 20, 20],
                allowed: [],
                phase: .finished(.length)
            ),
            // Text tokens used up: owed images still come, others do not.
            Line(images: (0, 1), tokens: 1, fed: [3], allowed: [], phase: .finished(.length)),
            Line(images: (1, 2), tokens: 1, fed: [3], allowed: [start]),
            Line(
                images: (1, 2),
                tokens: 1,
                fed: [3, 12, 20, 20],
                allowed: [],
                phase: .finished(.length)
            ),
            // Images alone.
            Line(images: (0, 2), tokens: 0, allowed: [end, start]),
            Line(images: (1, 1), tokens: 0, allowed: [start]),
            Line(
                images: (1, 1),
                tokens: 0,
                fed: [12, 20, 20],
                allowed: [],
                phase: .finished(.end)
            ),
            Line(images: (0, 0), tokens: 0, allowed: [], phase: .finished(.end)),
            Line(images: (0, 1), tokens: 0, room: 3, allowed: [], phase: .finished(.length)),
        ]
        for line in table {
            var machine = try machine(
                line.images.0...line.images.1,
                tokens: line.tokens,
                room: line.room
            )
            for token in line.fed { _ = machine.advance(by: token) }
            let (allowed, phase) = (machine.allowed, machine.phase)
            #expect(allowed == line.allowed, "\(line)")
            #expect(phase == line.phase, "\(line)")
        }
    }

    @Test("Names what comes") func namesWhatComes() throws {
        var machine = try machine(0...1)
        let elements = [
            machine.advance(by: 5), machine.advance(by: 12), machine.advance(by: 22),
            machine.advance(by: 24), machine.advance(by: 1),
        ]
        #expect(
            elements == [
                .text, .imageStart, .code(2, isLast: false), .code(4, isLast: true), .end,
            ]
        )
    }

    @Test("Cancels anywhere") func cancelsAnywhere() throws {
        var machine = try machine(0...1)
        _ = machine.advance(by: 12)
        machine.cancel()
        let (allowed, phase) = (machine.allowed, machine.phase)
        #expect(allowed.isEmpty)
        #expect(phase == .finished(.cancelled))
    }

    /// Prevents any sequence of choices, however unlikely, from giving what is no document.
    @Test("Every walk is a document") func everyWalkIsADocument() throws {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<3000 {
            let codesPerImage = Int.random(in: 1...5, using: &random)
            let minimum = Int.random(in: 0...3, using: &random)
            let images = minimum...Int.random(in: minimum...4, using: &random)
            let tokens = Int.random(in: 0...12, using: &random)
            let least = InterleavingMachine.leastRoom(
                for: images,
                codesPerImage: codesPerImage
            )
            let room = least + Int.random(in: 0...30, using: &random)
            var machine = machine(
                images,
                tokens: tokens,
                room: room,
                codesPerImage: codesPerImage
            )
            var walk: [TokenID] = []
            while let token = machine.allowed.flatMap({ Array($0) }).randomElement(using: &random) {
                walk.append(token)
                _ = machine.advance(by: token)
            }
            let parsed = try #require(parse(walk, codesPerImage), "\(walk)")
            #expect(walk.count <= room)
            #expect(parsed.textCount <= tokens)
            #expect((images.lowerBound...images.upperBound).contains(parsed.imageCount))
            let (phase, textCount) = (machine.phase, machine.textCount)
            #expect(textCount == parsed.textCount)
            if parsed.hasEnd { #expect(phase == .finished(.end)) }
            if phase == .finished(.length) { #expect(!parsed.hasEnd) }
        }
    }

    /// Reads an answer by the grammar: texts and whole images, and `<eos>` at most at its end.
    private func parse(
        _ tokens: [TokenID],
        _ codesPerImage: Int
    ) -> (textCount: Int, imageCount: Int, hasEnd: Bool)? {
        var rest = tokens[...]
        var textCount = 0
        var imageCount = 0
        while let token = rest.popFirst() {
            switch token {
            case text: textCount += 1
            case start:
                let image = rest.prefix(codesPerImage)
                guard image.count == codesPerImage, image.allSatisfy(codes.contains) else {
                    return nil
                }
                rest = rest.dropFirst(codesPerImage)
                imageCount += 1
            case end: return rest.isEmpty ? (textCount, imageCount, true) : nil
            default: return nil
            }
        }
        return (textCount, imageCount, false)
    }
}
