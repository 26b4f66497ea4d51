import Documents
import Generating
import Models
import Testing

@Suite struct PromptReaderTests {
    private let model: MultimodalModel

    init() throws { model = try TinyModel.llama.generator(contextLength: 2000) }

    private func begin(_ text: String, tokens: Int) throws -> AnswerInProgress {
        let options = AnswerOptions(
            text: .greedy,
            imageCount: 0...0,
            maximumTextTokens: tokens,
            seed: 1
        )
        let prompt = Document([.text(text, role: .user)])
        return try model.begin([prompt], options, onEvent: { _, _ in })[0]
    }

    private var long: String { String(repeating: "a dog is an animal that eats mice ", count: 90) }

    private func finish(_ loop: GenerationLoop) throws {
        while !loop.isEmpty { try loop.step() }
    }

    /// Prevents answers that stop while somebody else's long prompt is read.
    @Test("A long prompt is read in parts, and other answers go on")
    func parts() throws {
        let alone = try begin(long, tokens: 5)
        let loop = try GenerationLoop(model)
        loop.add([alone])
        try finish(loop)
        let expected = try alone.finished()
        #expect(expected.counts.prompt > 600)

        let (first, second) = (try begin("a cat", tokens: 60), try begin(long, tokens: 5))
        loop.add([first])
        try loop.step()
        loop.add([second])
        var steps = 0
        while second.tokenCount == 0 {
            let before = first.tokenCount
            try loop.step()
            #expect(first.isFinished || first.tokenCount == before + 1)
            steps += 1
        }
        #expect(steps > 4)
        try finish(loop)
        #expect(try second.finished().tokens == expected.tokens)
    }

    /// Prevents a short question that waits until somebody's book is read, and a book that waits for ever.
    @Test("A short prompt does not wait for a long one that came before")
    func shortAfterLong() throws {
        let (first, second) = (try begin(long, tokens: 5), try begin(long + "?", tokens: 5))
        let loop = try GenerationLoop(model)
        loop.add([first, second])
        try loop.step()
        var steps = 1
        while first.tokenCount == 0 {
            // Somebody new in each step.
            let short = try begin("a cat \(steps)", tokens: 3)
            loop.add([short])
            try loop.step()
            #expect(short.tokenCount == 1)
            steps += 1
        }
        try finish(loop)
        let (one, other) = (try first.finished(), try second.finished())
        #expect(one.counts.text > 0 && other.counts.text > 0)
        // Half of 128 tokens a step.
        #expect(steps <= one.counts.prompt / 64 + 1)
    }

    /// Prevents an answer that nobody finishes, since nothing of its prompt was left to read.
    @Test("A prompt of one token beside others is answered") func oneToken() throws {
        let running = try begin("a cat", tokens: 200)
        let loop = try GenerationLoop(model)
        loop.add([running])
        try loop.step()
        func ask(_ prompt: Document) throws -> AnswerInProgress {
            let options = AnswerOptions(
                text: .greedy,
                imageCount: 0...0,
                maximumTextTokens: 3,
                seed: 1
            )
            return try model.begin([prompt], options, onEvent: { _, _ in })[0]
        }
        let long = Document([.text(String(repeating: "a dog eats mice ", count: 5))])
        let others = try (0..<2).map { _ in try ask(long) }
        let empty = try (0..<5).map { _ in try ask(Document([])) }
        for answer in others.prefix(1) + empty + others.dropFirst() { loop.add([answer]) }
        try finish(loop)
        for answer in others + empty { #expect(try answer.finished().counts.text > 0) }
    }

    @Test("Cancelling ends the reading of a prompt at once")
    func cancelling() throws {
        let (answer, other) = (try begin(long, tokens: 5), try begin("a cat", tokens: 3))
        let loop = try GenerationLoop(model)
        loop.add([answer, other])
        try loop.step()
        #expect(answer.tokenCount == 0 && !loop.isEmpty)
        answer.cancel()
        try finish(loop)
        #expect(try answer.finished().finishReason == .cancelled)
        #expect(try other.finished().counts.text > 0)
    }
}
