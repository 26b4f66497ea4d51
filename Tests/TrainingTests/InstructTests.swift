import Basics
import Documents
import Testing
import Training
import Vocabulary

@Suite struct InstructTests {
    let space = SmallSpace.space

    // Prevents: a model that learns to ask the questions, or never learns to stop.
    @Test("Only the assistant's words, pictures and closing <eos> count")
    func weights() {
        let sequence = SmallSpace.sequence([
            .text("q", .user), .text("ab", .assistant), .picture(0, .assistant),
            .text("r", .user), .picture(3, .user), .text("c", .assistant),
        ])
        var generator = SeededGenerator(seed: 1)
        let example = Objective.instruct(InstructOptions())
            .example(of: sequence, in: space, using: &generator)
        #expect(example.tokens == sequence.tokens)
        let expected: [Float] = [
            0, 0, 0,  // <eos> <|user|> q
            0, 1, 1, 1, 1, 1, 1, 1, 1,  // <|assistant|> a b <break> 4 codes <eos>
            0, 0, 0, 0, 0, 0, 0,  // <|user|> r <break> 4 codes
            0, 1, 1,  // <|assistant|> c <eos>
        ]
        #expect(example.weights == expected)
    }

    @Test("Dropped texts of the user leave one mask each, and the answer as it was")
    func textDrop() {
        let sequence = SmallSpace.sequence([
            .text("abc", .user), .picture(0, .user), .text("de", .user), .text("xy", .assistant),
        ])
        var generator = SeededGenerator(seed: 1)
        let example = Objective.instruct(InstructOptions(textDropShare: 1))
            .example(of: sequence, in: space, using: &generator)
        let mask = space[.mask(0)]
        let codes = (0..<4).map { space.token(imageCode: $0) }
        #expect(
            example.tokens
                == [space[.end], space[.user], mask, space[.pictureStart]] + codes
                + [mask, space[.assistant], 23, 24, space[.end]]
        )
        #expect(example.weights == [Float](repeating: 0, count: 10) + [1, 1, 1])
    }
}
