import Documents
import Generating
import Models
import Testing
import Vocabulary

@Suite struct LongConversationTests {
    private let question = "what is this animal that eats mice"

    private func options(forgets: Bool) -> AnswerOptions {
        var options = AnswerOptions(
            text: .greedy,
            imageCount: 0...1,
            maximumTextTokens: 8,
            contextLimit: 60,
            seed: 1
        )
        options.forgetsOldTurns = forgets
        return options
    }

    /// Prevents a second question from being answered as the first one, or not at all, because the
    /// first fills the context.
    @Test("The oldest turns are forgotten where the context is full")
    func theOldestTurnsAreForgotten() throws {
        let model = try TinyModel.llama.generator()
        let system = Segment.text("a dog", role: .system)
        let last = Segment.text("a cat", role: .user)
        func old(_ count: Int) -> [Segment] {
            (0..<count).flatMap { _ -> [Segment] in
                [.text(question, role: .user), .text(question, role: .assistant)]
            }
        }
        let short = try model.generate(Document([system, last]), options(forgets: true))
        #expect(short.forgottenTurnCount == 0)
        for count in [3, 6] {
            let document = Document([system] + old(count) + [last])
            let answer = try model.generate(document, options(forgets: true))
            #expect(answer.forgottenTurnCount > 0 && answer.forgottenTurnCount % 2 == 0)
            let kept = Document([system] + old(count - answer.forgottenTurnCount / 2) + [last])
            let same = try model.generate(kept, options(forgets: false))
            #expect(answer.tokens == same.tokens && answer.counts.prompt == same.counts.prompt)
            #expect(throws: GenerationError.self) {
                try model.generate(Document([system] + old(9) + [last]), options(forgets: false))
            }
        }
    }
}
