import Basics
import Generating
import Testing
import Vocabulary

private let tokenizer = try? TinyFrame.tokenizer()

/// A machine of our frame, in which an image has `codeCount` codes.
private func machine(
    _ images: ClosedRange<Int>,
    tokens: Int = 100,
    room: Int = 100,
    codeCount: Int = 2
) throws -> InterleavingMachine {
    let frames = try frames(codeCount)
    return InterleavingMachine(
        space: frames.space,
        frames: frames.headers,
        images: images,
        maximumTextTokens: tokens,
        room: room
    )
}

private func frames(_ codeCount: Int) throws -> (space: TokenSpace, headers: FrameHeaders) {
    let tokenizer = try #require(tokenizer)
    let size = GridSize(height: 1, width: codeCount)
    let layout = try FrameLayout(.ours, in: tokenizer, usualSize: size)
    return (tokenizer.space, FrameHeaders(layout, sizes: [size]))
}

@Suite struct InterleavingMachineTests {
    /// Prevents an image from being cut, from being begun where it does not fit, and an answer
    /// from ending before it has what was asked for.
    @Test("Allows what the table says") func allowsWhatTheTableSays() throws {
        struct Line {
            var images: (Int, Int)
            var tokens = 100
            var room = 100
            var fed: [Token] = []
            var allowed: [Token]
            var phase = InterleavingMachine.Phase.text
        }
        let tokens = try Tokens()
        let table = [
            Line(images: (0, 1), allowed: [.end, .text, .start]),
            Line(images: (0, 0), allowed: [.end, .text]),
            Line(images: (1, 1), allowed: [.text, .start]),
            Line(images: (0, 1), fed: [.text, .text], allowed: [.end, .text, .start]),
            Line(images: (0, 1), fed: [.start], allowed: [.code], phase: .image(codesLeft: 2)),
            Line(
                images: (0, 1),
                fed: [.start, .code],
                allowed: [.code],
                phase: .image(codesLeft: 1)
            ),
            Line(images: (0, 1), fed: [.start, .code, .code], allowed: [.end, .text]),
            Line(images: (0, 2), fed: [.start, .code, .code], allowed: [.end, .text, .start]),
            Line(images: (2, 2), fed: [.start, .code, .code], allowed: [.text, .start]),
            Line(
                images: (2, 2),
                fed: [.start, .code, .code, .text, .start, .code, .code],
                allowed: [.end, .text]
            ),
            Line(images: (0, 1), fed: [.text, .end], allowed: [], phase: .finished(.end)),
            // An image needs its `<break>`, its codes and an `<eos>`.
            Line(images: (0, 1), room: 4, allowed: [.end, .text, .start]),
            Line(images: (0, 1), room: 3, allowed: [.end, .text]),
            Line(images: (0, 1), room: 4, fed: [.text], allowed: [.end, .text]),
            Line(images: (1, 1), room: 4, allowed: [.start]),
            Line(images: (1, 2), room: 5, allowed: [.text, .start]),
            Line(images: (2, 2), room: 8, fed: [.text], allowed: [.start]),
            Line(images: (0, 0), room: 2, fed: [.text], allowed: [], phase: .finished(.length)),
            Line(
                images: (1, 1),
                room: 4,
                fed: [.start, .code, .code],
                allowed: [],
                phase: .finished(.length)
            ),
            // Text tokens used up: owed images still come, others do not.
            Line(images: (0, 1), tokens: 1, fed: [.text], allowed: [], phase: .finished(.length)),
            Line(images: (1, 2), tokens: 1, fed: [.text], allowed: [.start]),
            Line(
                images: (1, 2),
                tokens: 1,
                fed: [.text, .start, .code, .code],
                allowed: [],
                phase: .finished(.length)
            ),
            // Images alone.
            Line(images: (0, 2), tokens: 0, allowed: [.end, .start]),
            Line(images: (1, 1), tokens: 0, allowed: [.start]),
            Line(
                images: (1, 1),
                tokens: 0,
                fed: [.start, .code, .code],
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
            for token in line.fed { _ = machine.advance(by: tokens.first(token)) }
            let (allowed, phase) = (machine.allowed, machine.phase)
            #expect(allowed == tokens.ranges(line.allowed), "\(line)")
            #expect(phase == line.phase, "\(line)")
        }
    }

    @Test("Names what comes") func namesWhatComes() throws {
        let tokens = try Tokens()
        var machine = try machine(0...1)
        let first = tokens.first(.code)
        let elements = [
            machine.advance(by: tokens.first(.text)), machine.advance(by: tokens.first(.start)),
            machine.advance(by: first + 2), machine.advance(by: first + 4),
            machine.advance(by: tokens.first(.end)),
        ]
        #expect(
            elements == [
                .text, .imageStart, .code(2, isLast: false), .code(4, isLast: true), .end,
            ]
        )
    }

    @Test("Cancels anywhere") func cancelsAnywhere() throws {
        var machine = try machine(0...1)
        _ = machine.advance(by: try Tokens().first(.start))
        machine.cancel()
        let (allowed, phase) = (machine.allowed, machine.phase)
        #expect(allowed.isEmpty)
        #expect(phase == .finished(.cancelled))
    }

    /// Prevents any sequence of choices, however unlikely, from giving what is no document.
    @Test("Every walk is a document") func everyWalkIsADocument() throws {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<3000 {
            let codeCount = Int.random(in: 1...5, using: &random)
            let minimum = Int.random(in: 0...3, using: &random)
            let images = minimum...Int.random(in: minimum...4, using: &random)
            let tokens = Int.random(in: 0...12, using: &random)
            let (space, headers) = try frames(codeCount)
            let least = InterleavingMachine.leastRoom(for: images, headers)
            let room = least + Int.random(in: 0...30, using: &random)
            var machine = try machine(images, tokens: tokens, room: room, codeCount: codeCount)
            var walk: [TokenID] = []
            while let token = machine.randomToken(using: &random) {
                walk.append(token)
                _ = machine.advance(by: token)
            }
            let parsed = try #require(ParsedAnswer(walk, headers.layout, space), "\(walk)")
            #expect(walk.count <= room)
            #expect(parsed.textCount <= tokens)
            #expect((images.lowerBound...images.upperBound).contains(parsed.sizes.count))
            let (phase, textCount) = (machine.phase, machine.textCount)
            #expect(textCount == parsed.textCount)
            if parsed.hasEnd { #expect(phase == .finished(.end)) }
            if phase == .finished(.length) { #expect(!parsed.hasEnd) }
        }
    }
}

/// What can come next in a test with our frame.
private enum Token {
    case text, start, code, end
}

private struct Tokens {
    private let space: TokenSpace
    private let start: TokenID

    init() throws {
        let frames = try frames(1)
        space = frames.space
        start = frames.headers.layout.start
    }

    func ranges(_ tokens: [Token]) -> [Range<TokenID>] {
        tokens.flatMap { token -> [Range<TokenID>] in
            switch token {
            case .text: Array(space.text.ranges)
            case .start: [start..<start + 1]
            case .code: [space.image]
            case .end: [space[.end]..<space[.end] + 1]
            }
        }.sorted { $0.lowerBound < $1.lowerBound }
    }

    func first(_ token: Token) -> TokenID { ranges([token])[0].lowerBound }
}
