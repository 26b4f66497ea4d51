package import Documents
package import Models
package import Training
internal import Vocabulary

/// Measures how well a model predicts given documents.
package struct Evaluator {
    private let model: MultimodalModel
    private let measure: LossMeasure
    private let sizes: BatchSizes

    /// Measures `model`, with at most `microBatchTokens` tokens in one forward pass.
    package init(_ model: MultimodalModel, microBatchTokens: Int = 4096) throws {
        self.model = model
        measure = try LossMeasure(model.network, in: model.tokenizer.space)
        sizes = BatchSizes(tokensPerStep: microBatchTokens, contextLength: model.contextLength)
    }

    /// The losses of all tokens of whole documents, by modality.
    ///
    /// - Throws: ``EvaluationError``, `ModelError`, and what the image tokenizer and the engine throw.
    package func losses(of documents: [Document]) throws -> LossReport {
        try losses(
            of: model.tokenizer.encode(documents).map {
                TrainingExample(tokens: $0.tokens, weights: $0.tokens.map { _ in 1 })
            }
        )
    }

    /// The perplexity of texts after their prompts; the tokens of prompts and leads do not count.
    ///
    /// - Throws: as ``losses(of:)-([Document])``.
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

    /// Prompt and lead with weight 0, then the text with weight 1.
    private func example(_ text: ConditionalText) throws -> TrainingExample {
        let encode = model.tokenizer.text.encode
        let prompt = try model.tokenizer.encode(text.prompt, isPrompt: true)
        let before = prompt.tokens + encode(text.lead)
        let counting = encode(text.text)
        return TrainingExample(
            tokens: before + counting,
            weights: before.map { _ in 0 } + counting.map { _ in 1 }
        )
    }
}
