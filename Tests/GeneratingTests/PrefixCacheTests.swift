import Documents
import Generating
import Models
import Testing
import Vision
import Vocabulary

@Suite struct PrefixCacheTests {
    private let options = AnswerOptions(
        text: .greedy,
        imageCount: 0...2,
        maximumTextTokens: 12,
        seed: 1
    )

    private func answers(
        to prompts: [Document],
        _ model: MultimodalModel,
        _ prefixes: PrefixCache,
        _ options: AnswerOptions? = nil
    ) throws -> [Answer] {
        let options = options ?? self.options
        let answers = try model.begin(prompts, options, onEvent: { _, _ in })
        let loop = try GenerationLoop(model, prefixes)
        loop.add(answers)
        while !loop.isEmpty { try loop.step() }
        return try answers.map { try $0.finished() }
    }

    private func user(_ text: String) -> Segment { .text(text, role: .user) }

    /// Prevents a second turn that is answered as if the first had been another one.
    @Test("What was read is not read again, and changes nothing", arguments: TinyModel.allCases)
    func conversation(kind: TinyModel) throws {
        let model = try kind.generator()
        let prefixes = PrefixCache(byteLimit: 64 << 20)
        var turns = [user("what is this animal that eats mice")]
        var reused = 0
        for question in ["a cat", "a dog", "mice"] {
            let alone = try model.generate(Document(turns), options)
            let answer = try answers(to: [Document(turns)], model, prefixes)[0]
            #expect(answer.tokens == alone.tokens)
            #expect(answer.counts.prompt == alone.counts.prompt)
            #expect(answer.counts.cachedPrompt < answer.counts.prompt)
            #expect(alone.counts.cachedPrompt == 0)
            if turns.count > 1 { reused += answer.counts.cachedPrompt }
            turns += [.text("a cat eats mice", role: .assistant), user(question)]
        }
        #expect(reused > 10)
        // Another conversation, and the same question again.
        let other = Document([user("a dog"), .text("mice", role: .assistant), user("a cat")])
        let alone = try model.generate(other, options)
        for isAgain in [false, true] {
            let answer = try answers(to: [other], model, prefixes)[0]
            #expect(answer.tokens == alone.tokens)
            #expect((answer.counts.cachedPrompt == answer.counts.prompt - 1) == isAgain)
        }
    }

    @Test("Candidates are what they are alone, beside others that begin anew")
    func candidates() throws {
        let model = try TinyModel.llama.generator()
        let prefixes = PrefixCache(byteLimit: 64 << 20)
        let (known, new) = (Document([user("a cat")]), Document([user("mice that eat")]))
        _ = try answers(to: [known], model, prefixes)
        let prompts = [new, known, known, new]
        let together = try answers(to: prompts, model, prefixes)
        let alone = try model.generate(prompts, options)
        #expect(together.map(\.tokens) == alone.map(\.tokens))
        let cached = together.map(\.counts.cachedPrompt)
        #expect(cached[1] == cached[2] && cached[1] == together[1].counts.prompt - 1)
        #expect(cached[0] < cached[1])
    }

    @Test("Several answers to a prompt take the memory of one")
    func furtherAnswers() throws {
        let model = try TinyModel.llama.generator()
        let prompt = Document([user("mice that eat")])
        var sampled = options
        sampled.text = .sampled(temperature: 1, topP: 1)
        func byteCount(answers count: Int) throws -> Int {
            let prefixes = PrefixCache(byteLimit: 64 << 20)
            let prompts = Array(repeating: prompt, count: count)
            _ = try answers(to: prompts, model, prefixes, sampled)
            return prefixes.byteCount
        }
        let (one, four) = (try byteCount(answers: 1), try byteCount(answers: 4))
        #expect(one > 0 && one == four)
    }

    @Test("The memory has a limit, and what was used last stays")
    func limit() throws {
        let model = try TinyModel.llama.generator()
        let prompts = ["a cat", "a dog", "mice"].map { Document([user($0)]) }
        let all = PrefixCache(byteLimit: 64 << 20)
        for prompt in prompts { _ = try answers(to: [prompt], model, all) }
        let some = PrefixCache(byteLimit: all.byteCount - 1)
        for prompt in prompts[...1] + prompts[...0] + prompts[2...] {
            _ = try answers(to: [prompt], model, some)
            #expect(some.byteCount <= all.byteCount - 1)
        }
        func isKnown(_ prompt: Document) throws -> Bool {
            let counts = try answers(to: [prompt], model, some)[0].counts
            return counts.cachedPrompt == counts.prompt - 1
        }
        let (first, third) = (try isKnown(prompts[0]), try isKnown(prompts[2]))
        #expect(first && third)
        #expect(try !isKnown(prompts[1]))
        let none = PrefixCache(byteLimit: 0)
        for _ in 0..<2 {
            let answer = try answers(to: [prompts[0]], model, none)[0]
            #expect(answer.counts.cachedPrompt == 0 && none.byteCount == 0)
        }
    }

    /// Counts what it encodes.
    private final class CountingTokenizer: ImageTokenizer {
        private let gray = GrayTokenizer()
        private(set) var count = 0
        var grid: GridSize { gray.grid }
        var pixelsPerCode: Int { gray.pixelsPerCode }
        var codeCount: Int { gray.codeCount }

        func encode(_ images: [Image], as grid: GridSize) -> [[Int]] {
            count += images.count
            return gray.encode(images, as: grid)
        }

        func decode(_ codes: [[Int]], of grid: GridSize) -> [Image] { gray.decode(codes, of: grid) }
    }

    /// Every turn sends its images again.
    @Test("An image is encoded once, and an image of the same bytes and another size is another")
    func images() throws {
        let counting = CountingTokenizer()
        let tokenizer = try DocumentTokenizer(TinyModel.tokenizer(), counting)
        let image = Image(width: 2, height: 4, pixels: (0..<24).map { UInt8($0 * 10) })
        let turned = Image(width: 4, height: 2, pixels: image.pixels)
        var tokens: [[TokenID]] = []
        for shown in [image, image, turned, image] {
            let prompt = Document([.image(shown, role: .user), user("a cat")])
            tokens.append(try tokenizer.encode(prompt, isPrompt: true).tokens)
        }
        #expect(counting.count == 2)
        #expect(tokens[0] == tokens[1] && tokens[0] == tokens[3] && tokens[0] != tokens[2])
    }
}
