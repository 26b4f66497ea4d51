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

/// Each code is compared with full passes that know no cache, by the formulas as written.
@Suite struct GuidanceTests {
    /// Logits of the image codes: of everything, without texts, without the prompt.
    private struct Logits {
        let c, u, n: [Float]
    }

    private func options(_ guidances: [Guidance], seed: UInt64 = 1) throws -> AnswerOptions {
        AnswerOptions(
            text: .sampled(temperature: 1, topP: 0.95),
            images: .greedy,
            guidances: guidances,
            imageCount: 2...2,
            maximumTextTokens: 6,
            seed: seed
        )
    }

    /// Prevents an unconditional branch from reading anything but what its formula says.
    @Test(
        "Codes follow the formula",
        arguments: TinyModel.allCases,
        [
            Guidance.contrastive(k: 3, alpha: 0.5), .contrastive(k: 100, alpha: 1),
            .editing(text: 3, image: 1.5), .editing(text: 1, image: 1),
        ]
    )
    func codesFollowTheFormula(kind: TinyModel, guidance: Guidance) throws {
        let generator = try kind.generator()
        for prompt in prompts {
            let answer = try generator.generate(prompt, options([guidance]))
            #expect(answer.counts.image == 8)
            for (index, token) in answer.tokens.enumerated()
            where generator.tokenizer.space.image.contains(token) {
                let logits = try logits(generator, prompt, answer.tokens[..<index])
                let scores = scores(logits, guidance)
                let code = token - generator.tokenizer.space.image.lowerBound
                let best = try #require(scores.max())
                #expect(best > -.infinity && abs(scores[code] - best) < 1e-4)
            }
        }
    }

    /// Prevents retrieved documents from reaching the unconditional branches, or from running into the prompt.
    @Test("What is retrieved is read before the prompt", arguments: TinyModel.allCases)
    func whatIsRetrievedIsReadBeforeThePrompt(kind: TinyModel) throws {
        let generator = try kind.generator()
        let retrieved = [
            Document([.text("ba")]),
            Document([.text("c"), Segment(prompts[1].segments[0].content)]),
        ]
        let guidance = Guidance.contrastive(k: 3, alpha: 0.5)
        let answer = try generator.generate(
            [prompts[0]],
            retrieved: [retrieved],
            options([guidance])
        )[0]
        let alone = try generator.generate(prompts[0], options([guidance]))
        #expect(answer.counts.prompt > alone.counts.prompt && answer.tokens != alone.tokens)
        for (index, token) in answer.tokens.enumerated()
        where generator.tokenizer.space.image.contains(token) {
            let logits = try logits(
                generator,
                prompts[0],
                answer.tokens[..<index],
                retrieved: retrieved
            )
            let scores = scores(logits, guidance)
            let best = try #require(scores.max())
            let code = token - generator.tokenizer.space.image.lowerBound
            #expect(best > -.infinity && abs(scores[code] - best) < 1e-4)
        }
    }

    private func scores(_ logits: Logits, _ guidance: Guidance) -> [Float] {
        let ranked = logits.c.sorted(by: >)
        func score(_ bound: Float, _ formula: (Int) -> Float) -> [Float] {
            logits.c.indices.map { logits.c[$0] >= bound ? formula($0) : -.infinity }
        }
        switch guidance {
        case .classifierFree: return []
        case .contrastive(let k, let alpha):
            let bound = ranked[min(k, ranked.count) - 1] + Float(log(alpha))
            return score(bound) { logits.c[$0] - logits.u[$0] }
        case .editing(let text, let image):
            return score(ranked[0] + Float(log(0.1))) {
                logits.n[$0] + Float(image) * (logits.u[$0] - logits.n[$0])
                    + Float(text) * (logits.c[$0] - logits.u[$0])
            }
        }
    }

    private func logits(
        _ generator: MultimodalModel,
        _ prompt: Document,
        _ answer: ArraySlice<TokenID>,
        retrieved: [Document] = []
    ) throws -> Logits {
        let space = generator.tokenizer.space
        func sequence(_ document: Document, isPrompt: Bool) throws -> TokenSequence {
            try generator.tokenizer.encode(document, isPrompt: isPrompt)
        }
        let start = try sequence(prompt, isPrompt: true)
        // The <eos> at the end of each is the one that the next begins with.
        let before = try retrieved.flatMap { try sequence($0, isPrompt: false).tokens.dropLast() }
        func logits(_ tokens: [TokenID]) throws -> [Float] {
            try withTorchErrors {
                try withoutGradients {
                    let hiddenStates = generator.network.hiddenStates(
                        Tensor(tokens, [1, tokens.count]),
                        cache: nil
                    )
                    let last = hiddenStates.narrowed(1, tokens.count - 1..<tokens.count)
                    return try generator.network.head.restricted(to: space.image).logits(last)
                        .floats()
                }
            }
        }
        let (end, mask) = (space[.end], space[.mask(0)])
        // Without the prompt: what stands before its first and after its last segment stays.
        let frame: [TokenID] =
            prompt.segments.isEmpty
            ? [end]
            : prompt.segments[0].role == nil
                ? [end, mask] : [end, space[.user], mask, space[.assistant]]
        return Logits(
            c: try logits(before + start.tokens + answer),
            u: try logits(masked(start.tokens + answer, space)),
            n: try logits(masked(frame + answer, space))
        )
    }

    /// Each stretch of text tokens, and of masks, as one `<mask:0>`.
    private func masked(_ tokens: [TokenID], _ space: TokenSpace) -> [TokenID] {
        tokens.reduce(into: []) { result, token in
            let isText = space.text.contains(token) || token == space[.mask(0)]
            if !isText {
                result.append(token)
            } else if result.last != space[.mask(0)] {
                result.append(space[.mask(0)])
            }
        }
    }

    /// Prevents the answers of a mixed batch from taking each other's guidance.
    @Test("Guidances take turns", arguments: TinyModel.allCases)
    func guidancesTakeTurns(kind: TinyModel) throws {
        let generator = try kind.generator()
        for guidances: [Guidance] in [
            [.classifierFree(3), .contrastive(k: 4, alpha: 0.2)],
            [.off, .editing(text: 2, image: 2)],
        ] {
            let batch = Array(repeating: prompts[1], count: 5)
            let mixed = try generator.generate(batch, options(guidances, seed: 7))
            for (index, answer) in mixed.enumerated() {
                let alone = try generator.generate(
                    prompts[1],
                    options([guidances[index % 2]], seed: 7 + UInt64(index))
                )
                #expect(answer.tokens == alone.tokens)
            }
        }
    }
}
