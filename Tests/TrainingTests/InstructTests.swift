import Basics
import Documents
import Testing
import Training
import Vocabulary

@Suite struct InstructTests {
    let space = SmallSpace.space

    // Prevents: a model that learns to ask the questions, or never learns to stop.
    @Test("Only the assistant's words, images and closing <eos> count")
    func weights() throws {
        let sequence = try SmallSpace.sequence([
            .text("q", .user), .text("ab", .assistant), .image(0, .assistant),
            .text("r", .user), .image(3, .user), .text("c", .assistant),
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

    // Prevents: guidance that compares with prompts which the model has never met.
    @Test("A dropped example is what guidance reads, and teaches the assistant's images alone")
    func textDrop() throws {
        let sequence = try SmallSpace.sequence([
            .text("abc", .user), .image(0, .user), .text("de", .user), .text("xy", .assistant),
            .text("z", .assistant), .image(4, .assistant), .text("w", .assistant),
        ])
        var generator = SeededGenerator(seed: 1)
        let example = Objective.instruct(InstructOptions(cfgDropout: 1))
            .example(of: sequence, in: space, using: &generator)
        let mask = space[.mask(0)]
        let shown = (0..<4).map { space.token(imageCode: $0) }
        let drawn = (4..<8).map { space.token(imageCode: $0) }
        let start = [space[.end], space[.user], mask, space[.imageStart]] + shown + [mask]
        let answer = [space[.assistant], mask, space[.imageStart]]
        #expect(example.tokens == start + answer + drawn + [mask, space[.end]])
        #expect(example.weights == [Float](repeating: 0, count: 12) + [1, 1, 1, 1, 0, 0])
    }

    // Prevents: a drawing of weight 0 that is learned where texts are dropped.
    @Test("A dropped example teaches no image that is not learned")
    func unlearnedImages() throws {
        let sequence = try SmallSpace.sequence(
            [
                .text("a", .user), .image(0, .assistant), .text("b", .user),
                .image(4, .assistant),
            ],
            unlearned: 1
        )
        var generator = SeededGenerator(seed: 1)
        let example = Objective.instruct(InstructOptions(cfgDropout: 1))
            .example(of: sequence, in: space, using: &generator)
        let learned = zip(example.tokens, example.weights).filter { $1 == 1 }.map(\.0)
        #expect(learned == (4..<8).map { space.token(imageCode: $0) })
    }

    @Test("A conversation without an image of the assistant is never dropped")
    func nothingToDrop() throws {
        let sequence = try SmallSpace.sequence([.text("abc", .user), .text("xy", .assistant)])
        var generator = SeededGenerator(seed: 1)
        let example = Objective.instruct(InstructOptions(cfgDropout: 1))
            .example(of: sequence, in: space, using: &generator)
        #expect(example.tokens == sequence.tokens)
    }
}
