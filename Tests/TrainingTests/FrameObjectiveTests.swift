import Basics
import Documents
import Testing
import Training
import Vocabulary

/// Objectives on images whose frames have more than `<break>` and codes.
@Suite struct FrameObjectiveTests {
    /// `<break>` size, two rows of two codes with an end each, a closing token.
    private let space = SmallSpace.space
    private let size = 70
    private let rowEnd = 71
    private let closing = 72

    private var image: FramedImage {
        let codes = (0..<4).map(space.token(imageCode:))
        return FramedImage(
            tokens: [space[.imageStart], size] + codes[..<2] + [rowEnd] + codes[2...]
                + [rowEnd, closing],
            codes: 2..<7
        )
    }

    private func sequence(_ role: Role? = nil) -> TokenSequence {
        var sequence = TokenSequence()
        sequence.append([space[.end], 1, 2])
        sequence.addPiece(1..<3, role)
        sequence.appendImage(image, role: role)
        let start = sequence.tokens.count
        sequence.append([3])
        sequence.addPiece(start..<start + 1, role)
        sequence.append([space[.end]])
        if role == .assistant { sequence.addAnswer(1..<sequence.tokens.count) }
        return sequence
    }

    /// Prevents spans that tear what opens or closes an image apart, and those that lose a token.
    @Test("CM3 moves spans within the codes, ends of rows with them")
    func movesSpansWithinTheCodes() throws {
        var generator = SeededGenerator(seed: 2)
        var movesRowEnd = false
        let whole = sequence()
        for _ in 0..<300 {
            let example = Objective.cm3(CM3Options()).example(
                of: whole,
                in: space,
                using: &generator
            )
            #expect(TrainingExample.restored(example.tokens, in: space) == whole.tokens)
            let infill = try #require(example.tokens.firstIndex(of: space[.infill]))
            let moved = example.tokens[infill...]
            let frame = [space[.imageStart], size, closing]
            #expect(moved.allSatisfy { !frame.contains($0) })
            #expect(moved.count { $0 == rowEnd } <= 1)
            movesRowEnd = movesRowEnd || moved.contains(rowEnd)
        }
        #expect(movesRowEnd)
    }

    /// Prevents guidance that compares with frames which the model has never met.
    @Test("A dropped example has a loss on its frames but for what begins them")
    func aDroppedExampleHasALossOnItsFrames() {
        var generator = SeededGenerator(seed: 1)
        let example = Objective.instruct(InstructOptions(cfgDropout: 1))
            .example(of: sequence(.assistant), in: space, using: &generator)
        let mask = [space[.mask(0)]]
        let end = [space[.end]]
        #expect(example.tokens == end + mask + image.tokens + mask + end)
        #expect(example.weights == [0, 0, 0] + Array(repeating: 1, count: 8) + [0, 0])
    }
}
