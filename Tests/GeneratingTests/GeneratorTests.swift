import Basics
import Decoders
import Documents
import Foundation
import Generating
import JamTesting
import Layers
import Models
import Tensors
import Testing
import Vocabulary

@Suite struct GeneratorTests {
    private func options(
        text: Sampling = .sampled(temperature: 1, topP: 0.95),
        images: Sampling = .sampled(temperature: 1, topP: 0.95),
        guidance: Double = 3,
        count: (Int, Int) = (2, 2),
        tokens: Int = 6,
        context: Int? = nil,
        seed: UInt64 = 1
    ) throws -> AnswerOptions {
        AnswerOptions(
            text: text,
            images: images,
            guidances: [.classifierFree(guidance)],
            imageCount: count.0...count.1,
            maximumTextTokens: tokens,
            contextLimit: context,
            seed: seed
        )
    }

    @Test("Same seed same answer", arguments: TinyModel.allCases)
    func sameSeedSameAnswer(kind: TinyModel) throws {
        let generator = try kind.generator()
        let first = try generator.generate(prompts[0], options())
        let again = try generator.generate(prompts[0], options())
        let other = try generator.generate(prompts[0], options(seed: 2))
        #expect(first.tokens == again.tokens)
        #expect(first.document == again.document)
        #expect(first.tokens != other.tokens)
        #expect(first.seed == 1)
    }

    /// Prevents a short prompt from ending the program, where no token begins a model's texts.
    @Test("Takes prompts that nothing begins, and refuses one without a token")
    func promptsThatNothingBegins() throws {
        let scratch = try ScratchFolder()
        let end = "<|endoftext|>"
        let json = try TinyModel.tokenizer().json.text().replacing("\"<eos>\"", with: "\"\(end)\"")
        try scratch.write("tokenizer.json", Array(json.utf8))
        let template = "{% for message in messages %}{{ message.content }}{% endfor %}"
        let config = #"{"eos_token": "\#(end)", "chat_template": "\#(template)"}"#
        try scratch.write("tokenizer_config.json", Array(config.utf8))
        let tokenizer = try DocumentTokenizer(folder: scratch.path, imageTokenizer: nil)
        #expect(tokenizer.text.documentPrefix.isEmpty)
        let generator = try MultimodalModel(
            TinyModel.llama.make(vocabularySize: tokenizer.space.count),
            tokenizer,
            contextLength: 64
        )
        for text in ["", "a"] {
            let answer = try generator.generate(
                [Document([.text(text)])],
                options(count: (0, 0))
            )[0]
            #expect(answer.counts.prompt == 1)
        }
        #expect(throws: GenerationError.promptEmpty) {
            try generator.generate([Document([.text("", role: .user)])], options(count: (0, 0)))
        }
    }

    /// Prevents rows of a batch from seeing each other or their padding.
    @Test("Batch equals single answers", arguments: TinyModel.allCases, [1, 3.0])
    func batchEqualsSingleAnswers(kind: TinyModel, guidance: Double) throws {
        let generator = try kind.generator()
        for count in [(2, 2), (0, 3), (0, 0)] {
            let batch = try generator.generate(
                prompts,
                options(guidance: guidance, count: count, seed: 40)
            )
            for (index, prompt) in prompts.enumerated() {
                let single = try generator.generate(
                    prompt,
                    options(guidance: guidance, count: count, seed: 40 + UInt64(index))
                )
                #expect(batch[index].tokens == single.tokens)
                #expect(batch[index].document == single.document)
                #expect(batch[index].codes == single.codes)
                #expect(batch[index].finishReason == single.finishReason)
                #expect(batch[index].counts == single.counts)
                #expect(batch[index].seed == single.seed)
            }
        }
    }

    /// Prevents the guide from reading anything but the answer so far without its texts: each code
    /// is compared with full passes that know no cache.
    @Test("Guidance equals the formula", arguments: TinyModel.allCases, [0, 1, 1.0.nextUp, 3, 8])
    func guidanceEqualsTheFormula(kind: TinyModel, scale: Double) throws {
        let tokenizer = try TinyModel.tokenizer()
        let space = tokenizer.space
        let model = try kind.make(vocabularySize: space.count, codes: space.image)
        let generator = try kind.generator()
        let bounds = [0.1, 0.5, 0]
        for (prompt, bound) in bounds.flatMap({ bound in prompts.map { ($0, bound) } }) {
            var options = try options(images: .greedy, guidance: scale)
            options.guidancePlausibility = bound
            let answer = try generator.generate(prompt, options)
            #expect(answer.counts.image == 8)
            let start = try generator.tokenizer.encode(prompt, isPrompt: true)
            #expect(answer.counts.prompt == start.tokens.count)
            for (index, token) in answer.tokens.enumerated() where space.image.contains(token) {
                let before = start.tokens + answer.tokens[..<index]
                let (c, u) = try withTorchErrors {
                    try withoutGradients {
                        (
                            try lastLogits(model, before),
                            try lastLogits(model, masked(before, space))
                        )
                    }
                }
                let highest = try #require(space.image.map { c[$0] }.max())
                // Without a bound it is CM3Leon's formula as stated.
                let plausible = space.image.filter { c[$0] >= highest + Float(log(bound)) }
                let guided = plausible.map { u[$0] + Float(scale) * (c[$0] - u[$0]) }
                let best = try #require(guided.max())
                let place = try #require(plausible.firstIndex(of: token))
                #expect(abs(guided[place] - best) < 1e-4)
            }
        }
    }

    @Test("Guidance of one is none", arguments: TinyModel.allCases)
    func guidanceOfOneIsNone(kind: TinyModel) throws {
        let generator = try kind.generator()
        for prompt in prompts {
            // Chance draws from fewer codes with guidance (decision 11); the most probable is the same.
            func codes(_ guidance: Double) throws -> [TokenID] {
                try generator.generate(prompt, options(images: .greedy, guidance: guidance))
                    .tokens
            }
            #expect(try codes(1) == codes(1.0.nextUp))
        }
        let plain = try generator.generate(prompts, options(guidance: 1)).flatMap(\.codes)
        let guided = try generator.generate(prompts, options(guidance: 8)).flatMap(\.codes)
        #expect(plain != guided)
    }

    private func lastLogits(_ model: any LanguageModel, _ tokens: [TokenID]) throws -> [Float] {
        let hiddenStates = model.hiddenStates(Tensor(tokens, [1, tokens.count]), cache: nil)
        let last = hiddenStates.narrowed(1, tokens.count - 1..<tokens.count)
        return try model.head.logits(last).floats()
    }

    /// Each stretch of text tokens as one `<mask:0>`.
    private func masked(_ tokens: [TokenID], _ space: TokenSpace) -> [TokenID] {
        tokens.reduce(into: []) { result, token in
            if !space.text.contains(token) {
                result.append(token)
            } else if result.last != space[.mask(0)] {
                result.append(space[.mask(0)])
            }
        }
    }
}
