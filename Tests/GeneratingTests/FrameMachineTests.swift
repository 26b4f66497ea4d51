import Basics
import Generating
import Testing
import Vocabulary

/// An answer read by the grammar: texts and whole images, and `<eos>` at most at its end.
struct ParsedAnswer {
    var textCount = 0
    var sizes: [GridSize] = []
    var hasEnd = false

    init?(_ tokens: [TokenID], _ layout: FrameLayout, _ space: TokenSpace) {
        var rest = tokens[...]
        while let token = rest.first {
            if token == layout.start {
                guard let (size, length) = layout.parse(rest, codes: space.image) else {
                    return nil
                }
                sizes.append(size)
                rest = rest.dropFirst(length)
                continue
            }
            rest = rest.dropFirst()
            if space.text.contains(token) {
                textCount += 1
            } else {
                guard token == space[.end], rest.isEmpty else { return nil }
                hasEnd = true
            }
        }
    }
}

extension InterleavingMachine {
    /// One of the allowed tokens; what opens or ends something comes as often as text.
    func randomToken(using random: inout SeededGenerator) -> TokenID? {
        allowed.randomElement(using: &random).flatMap { $0.randomElement(using: &random) }
    }
}

@Suite struct FrameMachineTests {
    private func machine(
        _ kind: TinyFrame,
        _ images: ClosedRange<Int>,
        tokens: Int = 3,
        room: Int = 60
    ) throws -> InterleavingMachine {
        let tokenizer = try TinyFrame.tokenizer()
        let layout = try kind.layout(tokenizer)
        return InterleavingMachine(
            space: tokenizer.space,
            frames: FrameHeaders(layout, sizes: layout.sizes),
            images: images,
            maximumTextTokens: tokens,
            room: room
        )
    }

    /// The strings of the tokens that can come next; `codes` for any code.
    private func allowed(_ machine: borrowing InterleavingMachine, _ tokenizer: Tokenizer)
        -> [String]
    {
        machine.allowed.flatMap { range -> [String] in
            range == tokenizer.space.image
                ? ["codes"] : range.map { tokenizer.spelling(of: $0) ?? "" }
        }
    }

    /// Prevents a frame from being left at any place, or from going on after its end.
    @Test(
        "Allows what each frame has next",
        arguments: [
            (
                TinyFrame.chameleon,
                ["<racm3:break>"],
                ["<racm3:break>", "codes", "codes", "codes", "codes", "<eoss>"]
            ),
            (
                .lumina,
                ["<racm3:break>", "<reserved08801>", "<reserved08802>"],
                [
                    "<racm3:break>", "<reserved08801> <reserved08802>",
                    "<reserved08801> <reserved08802>", "codes", "codes", "codes", "codes",
                    "<reserved08799>", "codes", "codes", "codes", "codes", "<reserved08799>",
                    "<eoss>",
                ]
            ),
            (
                .emu3,
                ["<|image start|>", "1", "*", "3", "<|image token|>"],
                [
                    "<|image start|>", "1 2 3 4 5 6", "*", "1 2 3 4 5", "<|image token|>",
                    "codes", "codes", "codes", "<|extra_200|>", "<|extra_201|>", "<|image end|>",
                ]
            ),
        ]
    )
    func allowsWhatEachFrameHasNext(kind: TinyFrame, header: [String], expected: [String]) throws {
        let tokenizer = try TinyFrame.tokenizer()
        let space = tokenizer.space
        var machine = try machine(kind, 1...1, tokens: 0)
        for (index, line) in expected.enumerated() {
            let found = allowed(machine, tokenizer)
            #expect(found.joined(separator: " ") == line, "\(index)")
            let isForced = machine.forced != nil
            let isChoice = found.count > 1
            #expect(isForced == (index > 0 && line != "codes" && !isChoice))
            let wanted = index < header.count ? header[index] : nil
            let ranges = machine.allowed
            let token =
                line == "codes"
                ? space.image.lowerBound
                : ranges.joined().first { wanted == nil || tokenizer.spelling(of: $0) == wanted }
            _ = machine.advance(by: try #require(token))
        }
        let phase = machine.phase
        #expect(phase == .finished(.end))
    }

    /// Prevents a size that the rest of the context has no room for.
    @Test("Sizes fit into the context") func sizesFitIntoTheContext() throws {
        let tokenizer = try TinyFrame.tokenizer()
        let start = try TinyFrame.lumina.layout(tokenizer).start
        // 2 × 2 codes have 10 tokens and <eos>, 2 × 4 have 14.
        for (room, second) in [(11, 1), (14, 1), (15, 2)] {
            var machine = try machine(.lumina, 1...1, tokens: 0, room: room)
            _ = machine.advance(by: start)
            let first = try #require(machine.allowed.first?.lowerBound)
            #expect(tokenizer.spelling(of: first) == "<reserved08801>")
            _ = machine.advance(by: first)
            let sizes = machine.allowed.count
            #expect(sizes == second, "\(room)")
        }
        // Room for a second image is kept.
        var other = try machine(.lumina, 2...2, tokens: 0, room: 24)
        _ = other.advance(by: start)
        _ = other.advance(by: try #require(other.allowed.first?.lowerBound))
        let sizes = other.allowed.count
        #expect(sizes == 1)
    }

    /// Prevents any sequence of choices from giving what is no document of whole frames.
    @Test("Every walk is a document in its frame", arguments: TinyFrame.allCases)
    func everyWalkIsADocumentInItsFrame(kind: TinyFrame) throws {
        var random = SeededGenerator(seed: 6)
        let tokenizer = try TinyFrame.tokenizer()
        let layout = try kind.layout(tokenizer)
        let frames = FrameHeaders(layout, sizes: layout.sizes)
        var sizes: Set<GridSize> = []
        for _ in 0..<500 {
            let minimum = Int.random(in: 0...2, using: &random)
            let images = minimum...Int.random(in: minimum...3, using: &random)
            let tokens = Int.random(in: 0...12, using: &random)
            let least = InterleavingMachine.leastRoom(for: images, frames)
            let room = least + Int.random(in: 0...60, using: &random)
            var machine = InterleavingMachine(
                space: tokenizer.space,
                frames: frames,
                images: images,
                maximumTextTokens: tokens,
                room: room
            )
            var walk: [TokenID] = []
            while let token = machine.randomToken(using: &random) {
                walk.append(token)
                _ = machine.advance(by: token)
            }
            let parsed = try #require(ParsedAnswer(walk, layout, tokenizer.space), "\(walk)")
            #expect(walk.count <= room)
            #expect(parsed.textCount <= tokens)
            #expect((images.lowerBound...images.upperBound).contains(parsed.sizes.count))
            let phase = machine.phase
            if parsed.hasEnd { #expect(phase == .finished(.end)) }
            sizes.formUnion(parsed.sizes)
        }
        #expect(sizes == Set(layout.sizes))
    }

    @Test("Fills a mask across the ends of rows") func fillsAMaskAcrossTheEndsOfRows() throws {
        let tokenizer = try TinyFrame.tokenizer()
        let layout = try TinyFrame.emu3.layout(tokenizer)
        let size = GridSize(height: 3, width: 2)
        var machine = InterleavingMachine(
            space: tokenizer.space,
            layout,
            filling: 1..<5,
            of: size
        )
        var found: [String] = []
        while let token = machine.allowed.first?.lowerBound {
            found += allowed(machine, tokenizer)
            _ = machine.advance(by: token)
        }
        #expect(
            found == ["codes", "<|extra_200|>", "codes", "codes", "<|extra_200|>", "codes"]
        )
        let phase = machine.phase
        #expect(phase == .finished(.end))
    }
}
