import Decoders
import Documents
import Evaluating
import Foundation
import JamTesting
import Models
import Tensors
import Testing
import Training
import Vocabulary

@Suite struct EvaluatorTests {
    /// Prevents losses of the wrong token, or under the wrong modality: each one is computed by hand
    /// from the model's logits, one document at a time.
    @Test("Losses are those of the logits") func lossesAreThoseOfTheLogits() throws {
        let generator = try TinyAnswerer.generator()
        let space = generator.tokenizer.space
        let encode = generator.tokenizer.text.encode
        let codes = [[1, 2, 3, 4], [7, 0, 7, 0]]
        let documents = [
            Document([.text("a cat"), .image(GrayTokenizer.image(codes[0])), .text(" eats mice")]),
            Document([
                .text("what is a dog", role: .user),
                .text("a dog is an animal that barks", role: .assistant),
                .image(GrayTokenizer.image(codes[1]), role: .assistant),
            ]),
        ]
        let first =
            [space[.end]] + encode("a cat") + [space[.imageStart]]
            + codes[0].map(space.token(imageCode:)) + encode(" eats mice") + [space[.end]]
        let second =
            [space[.end], space[.user]] + encode("what is a dog") + [space[.assistant]]
            + encode("a dog is an animal that barks") + [space[.imageStart]]
            + codes[1].map(space.token(imageCode:)) + [space[.end]]
        var expected: [LossReport.Modality: [Double]] = [:]
        for tokens in [first, second] {
            for (token, loss) in zip(tokens.dropFirst(), try losses(tokens, generator)) {
                let modality: LossReport.Modality =
                    space.image.contains(token)
                    ? .image : space.text.contains(token) ? .text : .special
                expected[modality, default: []].append(loss)
            }
        }
        let report = try Evaluator(generator).losses(of: documents)
        #expect(report.total.count == first.count + second.count - 2)
        for modality in LossReport.Modality.allCases {
            let own = try #require(expected[modality])
            let perplexity = try report.perplexity(of: modality)
            let mean = own.reduce(0, +) / Double(own.count)
            #expect(perplexity.weight == Double(own.count))
            #expect(abs(perplexity.loss - mean) < 1e-4)
            #expect(abs(perplexity.value - exp(mean)) < 1e-3 * exp(mean))
            #expect(abs(perplexity.bits - mean / 0.693147180559945) < 1e-4)
        }
        #expect(report.sums[.image]?.count == 8)
    }

    /// Prevents prompts and leads from counting, and the end of the answer.
    @Test("Only the text counts") func onlyTheTextCounts() throws {
        let generator = try TinyAnswerer.generator()
        let space = generator.tokenizer.space
        let encode = generator.tokenizer.text.encode
        let counting = encode(" is an animal")
        let asked =
            [space[.end], space[.user]] + encode("what is a dog") + [space[.assistant]]
            + encode("a dog")
        let plain = [space[.end]] + encode("a dog")
        let cases = [
            (Document([.text("what is a dog", role: .user)]), asked), (Document(), plain),
        ]
        let evaluator = try Evaluator(generator)
        for (prompt, before) in cases {
            let text = ConditionalText(after: prompt, lead: "a dog", " is an animal")
            let measured = try evaluator.perplexity(of: [text, text])
            let all = try losses(before + counting, generator)
            let expected = all.suffix(counting.count).reduce(0, +)
            #expect(measured.weight == Double(2 * counting.count))
            #expect(abs(measured.nats - 2 * expected) < 1e-3)
        }
    }

    /// Prevents an evaluation of cut documents, which would look better or worse than it is.
    @Test("Errors say what is wrong") func errorsSayWhatIsWrong() throws {
        let generator = try TinyAnswerer.generator(contextLength: 8)
        let long = Document([.text(String(repeating: "x", count: 20))])
        #expect(throws: EvaluationError.tooLong(tokens: 21, context: 8)) {
            try Evaluator(generator).losses(of: [long])
        }
        #expect(throws: EvaluationError.nothingCounts) {
            try Evaluator(generator).perplexity(of: [ConditionalText(lead: "a", "")])
        }
        let mute = try TinyAnswerer.generator(draws: false)
        let image = Document([.image(GrayTokenizer.image([1, 2, 3, 4]))])
        #expect(throws: ModelError.self) { try Evaluator(mute).losses(of: [image]) }
        #expect(
            EvaluationError.tooLong(tokens: 21, context: 8).description
                == "a document has 21 tokens and the model's context only 8; "
                + "measure it on shorter ones"
        )
    }

    /// -ln softmax of each token after the first, in double precision.
    private func losses(_ tokens: [TokenID], _ generator: MultimodalModel) throws -> [Double] {
        let width = generator.network.vocabularySize
        let logits = try withTorchErrors {
            try withoutGradients {
                try generator.network.logits(Tensor(tokens, [1, tokens.count])).floats()
            }
        }
        return tokens.indices.dropLast().map { place in
            let row = logits[place * width..<(place + 1) * width].map(Double.init)
            return log(row.reduce(0) { $0 + exp($1) }) - row[tokens[place + 1]]
        }
    }
}
