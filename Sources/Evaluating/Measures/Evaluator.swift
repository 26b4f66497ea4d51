package import Documents
package import Generating
package import Training
internal import Vision
internal import Vocabulary

/// Measures what a model predicts of given documents.
package struct Evaluator {
    private let generator: Generator
    private let measure: LossMeasure
    private let sizes: BatchSizes

    /// Measures the model of `generator`, with its vocabulary and image tokenizer.
    ///
    /// - Parameters:
    ///   - generator: the model with what belongs to it.
    ///   - microBatchTokens: the most tokens of one pass through the model.
    /// - Throws: `TrainingError` if the model has too few rows for the vocabulary.
    package init(_ generator: Generator, microBatchTokens: Int = 4096) throws {
        self.generator = generator
        measure = try LossMeasure(generator.model, in: generator.tokenizer.space)
        sizes = BatchSizes(
            tokensPerStep: microBatchTokens,
            contextLength: generator.contextLength
        )
    }

    /// The losses of all tokens of whole documents, by modality.
    ///
    /// - Throws: ``EvaluationError``, and what the image tokenizer and the engine throw.
    package func losses(of documents: [Document]) throws -> LossReport {
        try losses(
            of: documents.map { document in
                let tokens = try sequence(document).tokens
                return TrainingExample(tokens: tokens, weights: tokens.map { _ in 1 })
            }
        )
    }

    /// The losses of texts after their prompts; the tokens of prompts and leads do not count.
    ///
    /// - Throws: ``EvaluationError``, and what the image tokenizer and the engine throw.
    package func perplexity(of texts: [ConditionalText]) throws -> Perplexity {
        guard let result = Perplexity(try losses(of: texts.map(example)).total) else {
            throw EvaluationError.nothingCounts
        }
        return result
    }

    /// The weighted losses of examples, by modality.
    ///
    /// - Throws: ``EvaluationError``, and what the engine throws.
    package func losses(of examples: [TrainingExample]) throws -> LossReport {
        for example in examples where example.tokens.count - 1 > sizes.contextLength {
            throw EvaluationError.tooLong(
                tokens: example.tokens.count - 1,
                context: sizes.contextLength
            )
        }
        let report = try measure.report(of: examples, in: sizes)
        guard report.total.loss.isFinite else { throw EvaluationError.lossNotFinite }
        return report
    }

    /// The prompt and the lead without weight, then the text with weight one.
    private func example(_ text: ConditionalText) throws -> TrainingExample {
        let encode = generator.tokenizer.encode
        let before = try sequence(text.prompt, isPrompt: true).tokens + encode(text.lead)
        let counting = encode(text.text)
        return TrainingExample(
            tokens: before + counting,
            weights: before.map { _ in 0 } + counting.map { _ in 1 }
        )
    }

    private func sequence(_ document: Document, isPrompt: Bool = false) throws -> TokenSequence {
        let space = generator.tokenizer.space
        return try TokenSequence(
            document,
            in: space,
            isPrompt: isPrompt,
            text: generator.tokenizer.encode,
            image: { image in
                guard let codes = try generator.imageTokenizer?.encode([image]).first else {
                    throw EvaluationError.noImages
                }
                return codes
            }
        )
    }
}
